import { writeBundles } from "./api/bundle.ts";
import { declareStack } from "./components/declareStack.ts";
import { BUILD_FOLDER } from "./machine/folders.ts";

/** The program. Bundling takes as long as all the rest, so it is done beside it. */
export default function turnkey() {
  return declareStack(writeBundles(BUILD_FOLDER));
}
