export { FolderStore } from "./node/folderStore.ts";
