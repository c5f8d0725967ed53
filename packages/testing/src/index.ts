export { bitwiseEqual, type Comparable, type Comparison, closeTo, type Tolerance } from "./closeTo.ts";
export { bitwise } from "./conformance/bitwise.ts";
export { opConformance } from "./conformance/opConformance.ts";
export { type GradcheckOptions, gradcheck, gradgradcheck } from "./gradcheck.ts";
export { matchers } from "./matchers.ts";
export { uniformArray } from "./random.ts";
export { sharedPath } from "./sharedPath.ts";
