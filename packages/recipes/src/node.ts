export { FolderStore } from "./node/folderStore.ts";
export { installedOnnxRuntime, type OnnxRuntimeNodeOptions, onnxRuntimeEngine } from "./node/onnxRuntimeNode.ts";
