import { clean as cleanUp } from "../setup/clean.ts";

/** `npm run clean`: caches, images and builds of ours, and the local CA. */
export async function clean(): Promise<number> {
  const removed = await cleanUp();
  console.log(removed.length > 0 ? `removed:\n  ${removed.join("\n  ")}` : "nothing to remove");
  return 0;
}
