export { readModel } from "./model.ts";
