export { FolderStore } from "./node/folderStore.ts";
export {
  type ExecutionProvider,
  hasOnnxRuntime,
  OnnxRuntimeError,
  type OnnxRuntimeOptions,
  onnxRuntimeEngine,
} from "./node/onnxRuntime.ts";
