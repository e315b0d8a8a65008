import type { PythonTool } from "./pythonTool.ts";

/** Moto, an emulator of AWS's APIs: what a node that boots in a test takes for AWS. */
export const moto: PythonTool = {
  title: "moto",
  name: "moto",
  program: "moto_server",
  purpose: "for emulating AWS",
};
