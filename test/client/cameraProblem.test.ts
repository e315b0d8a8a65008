import { expect, test } from "@jest/globals";
import { cameraProblem } from "../../client/demo/cameraProblem.ts";

test.each([
  { name: "NotAllowedError", isSecure: true, told: /refused - allow it/ },
  { name: "NotFoundError", isSecure: true, told: /no camera/ },
  { name: "NotReadableError", isSecure: true, told: /in use/ },
  { name: "AbortError", isSecure: true, told: /AbortError/ },
  { name: "TypeError", isSecure: false, told: /https:/ },
])("$name on a page that is secure ($isSecure) is told", ({ name, isSecure, told }) => {
  const error = new DOMException("any", name);
  expect(cameraProblem(error, isSecure)).toMatch(told);
});
