export { checkImageFolder, type DatasetReport, type Duplicate } from "./node/checkImageFolder.ts";
export { decodeImage } from "./node/decodeImage.ts";
export {
  type ImageClassesOptions,
  type ImageFolder,
  type ImageFolderOptions,
  imageClasses,
  imageFolder,
} from "./node/imageFolder.ts";
