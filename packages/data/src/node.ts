export { decodeImage } from "./node/decodeImage.ts";
export {
  type ImageClassesOptions,
  type ImageFolder,
  type ImageFolderOptions,
  imageClasses,
  imageFolder,
} from "./node/imageFolder.ts";
