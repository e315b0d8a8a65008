import type { PythonTool } from "./pythonTool.ts";

/**
 * Parliament, which lints IAM documents by AWS's own tables of actions, resources and conditions. It is used
 * as a library: its command writes to a file in /tmp that another user's run may own.
 */
export const parliament: PythonTool = {
  title: "Parliament",
  name: "parliament",
  program: "python",
  purpose: "for linting IAM documents",
};
