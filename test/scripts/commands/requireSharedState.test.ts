import { expect, test } from "@jest/globals";
import { requireSharedState } from "../../../scripts/commands/requireSharedState.ts";
import type { Backend } from "../../../scripts/pulumi/backend.ts";

const own: Backend = { owner: "turnkey", folder: "/data/backend", url: "file:///data/backend" };
const bucket: Backend = { owner: "user", chosenBy: "PULUMI_BACKEND_URL" };

test.each<[string, Backend, boolean, boolean]>([
  ["this machine alone", own, false, true],
  ["this machine alone, as said for this once", own, true, false],
  ["a backend of the user's", bucket, false, false],
])("state on %s", (_claim, backend, localState, refused) => {
  const ask = () => requireSharedState({ stack: "prod", localState, backend });
  if (refused) expect(ask).toThrow('the state of stack "prod" would lie on this machine alone');
  else expect(ask).not.toThrow();
});
