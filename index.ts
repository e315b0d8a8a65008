import { writeBundles } from "./api/bundle.ts";
import { declareStack } from "./components/declareStack.ts";
import { BUILD_FOLDER } from "./machine/folders.ts";

// Pulumi's SDK takes a stack for every resource and has source-map-support look for maps of all its frames: a
// quarter of the program's processor time. Node strips types in place, so lines are right without.
Reflect.deleteProperty(Error, "prepareStackTrace");

/** The program. Bundling takes as long as all the rest, so it is done beside it. */
export default function turnkey() {
  return declareStack(writeBundles(BUILD_FOLDER));
}
