import { expect, test } from "@jest/globals";
import type { SeenProcess } from "../../../machine/processes.ts";
import { judgeLock } from "../../../scripts/pulumi/lock.ts";

const NOW = Date.parse("2026-11-22T05:00:00Z");
const taken = {
  pid: 4177,
  username: "ada",
  hostname: "laptop",
  // Nanoseconds, as Go writes them; ten minutes ago.
  timestamp: "2026-11-22T04:50:00.013988112Z",
};

/** Judges that lock, with `found` for its process. */
const judge = (found: Partial<SeenProcess> | undefined, text = JSON.stringify(taken), age = 0) =>
  judgeLock(
    { path: "/locks/it.json", text, changedAt: NOW - age },
    {
      hostname: "laptop",
      now: NOW,
      processAt: (pid) => found && { pid, command: "pulumi", ageSeconds: 601, ...found },
    },
  );

test.each<[string, Partial<SeenProcess> | undefined, string]>([
  ["its process is there", {}, "held"],
  ["its process cannot be looked at", { command: undefined, ageSeconds: undefined }, "held"],
  ["the clock was set back a little meanwhile", { ageSeconds: 570 }, "held"],
  ["its process is gone", undefined, "left"],
  ["another program has its number now", { command: "node" }, "left"],
  ["a younger pulumi has its number now", { ageSeconds: 120 }, "left"],
])("when %s", (_case, found, state) => {
  expect(judge(found)).toEqual({ state, lock: taken });
});

test("of another machine's lock nothing is known, whatever runs here", () => {
  const text = JSON.stringify({ ...taken, hostname: "server" });
  expect(judge(undefined, text).state).toBe("elsewhere");
  expect(judge({}, text).state).toBe("elsewhere");
});

test.each(["", '{"pid":41', "null", '{"pid":"4177"}'])(
  "a file that holds %j is being written, and after five seconds never will be",
  (text) => {
    expect(judge(undefined, text, 1_000)).toEqual({ state: "held", lock: undefined });
    expect(judge(undefined, text, 6_000)).toEqual({ state: "left", lock: undefined });
  },
);
