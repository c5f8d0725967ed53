export { accuracy } from "./accuracy.ts";
export { argmax } from "./argmax.ts";
export { type BootstrapOptions, bootstrapInterval, type Interval } from "./bootstrapInterval.ts";
export { type ClassScore, type ClassScores, classScores } from "./classScores.ts";
export { confusionMatrix } from "./confusionMatrix.ts";
export { type CalibrationOptions, expectedCalibrationError } from "./expectedCalibrationError.ts";
export { logLoss } from "./logLoss.ts";
