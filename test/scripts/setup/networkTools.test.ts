import { expect, test } from "@jest/globals";
import { networkToolsQuestion } from "../../../scripts/setup/networkTools.ts";
import type { NetworkFacts } from "../../../scripts/setup/networkTools.ts";
import { Refusal } from "../../../scripts/userError.ts";

const facts: NetworkFacts = {
  platform: "linux",
  osRelease: "ID=ubuntu\nID_LIKE=debian\n",
  missing: ["ip", "nft"],
};

test.each<[NetworkFacts["missing"], string, string]>([
  [["nft"], "nft", "nftables"],
  [["ip", "nft"], "ip and nft", "iproute2 nftables"],
])("of %j only what is missing is installed", (missing, named, packages) => {
  expect(networkToolsQuestion({ ...facts, missing })).toEqual({
    problem: `${named}, for networks that tests make, cannot be found`,
    command: `apt-get install -y --no-install-recommends ${packages}`,
  });
});

test.each<[string, Partial<NetworkFacts>, string]>([
  ["macOS has none", { platform: "darwin" }, "they are part of Linux, and this is darwin"],
  [
    "other Linux systems have tools of their own to install them",
    { osRelease: "ID=fedora\n" },
    "install iproute2 and nftables with this system's tools, then run the same command again",
  ],
])("%s, which is no fault of the tests", (_, changes, mend) => {
  const ask = () => networkToolsQuestion({ ...facts, ...changes });
  expect(ask).toThrow(Refusal);
  expect(ask).toThrow(expect.objectContaining({ mend: [mend] }));
});
