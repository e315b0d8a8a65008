import type { PythonTool } from "./pythonTool.ts";

/** Schemathesis, which tries an API by its own OpenAPI description. */
export const schemathesis: PythonTool = {
  title: "Schemathesis",
  name: "schemathesis",
  program: "schemathesis",
  purpose: "for trying the API by its description",
};
