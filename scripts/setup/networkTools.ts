/** What tests need to make networks of their own: namespaces, links and packet filters of Linux. */
import { Refusal } from "../userError.ts";
import { aptInstall, installPackages } from "./installPackages.ts";
import { isDebianLike, osRelease } from "./osRelease.ts";
import { agree, consentHere, findProgram, mayBeRoot, privilege } from "./privilege.ts";

const packages = { ip: "iproute2", nft: "nftables" } as const;
const tools = ["ip", "nft"] as const;

export interface NetworkFacts {
  readonly platform: NodeJS.Platform;
  /** The text of /etc/os-release. */
  readonly osRelease: string;
  readonly missing: readonly (keyof typeof packages)[];
}

/** What is missing and what installs it. Throws a Refusal where it is not ours to install. */
export function networkToolsQuestion({ platform, osRelease: text, missing }: NetworkFacts) {
  const problem = `${missing.join(" and ")}, for networks that tests make, cannot be found`;
  if (platform !== "linux")
    throw new Refusal(problem, [`they are part of Linux, and this is ${platform}`]);
  const wanted = missing.map((tool) => packages[tool]);
  if (!isDebianLike(text))
    throw new Refusal(problem, [
      `install ${wanted.join(" and ")} with this system's tools, then run the same command again`,
    ]);
  return { problem, command: aptInstall(...wanted) };
}

/** Asked of a user with the tools: tests run them through sudo. */
const asRoot = {
  problem: "tests make networks of their own, which takes root",
  commands: ["ip netns add turnkey-test"],
};

/** Sees that tests can run `ip` and `nft` as root. Throws a Refusal when they are not to be. */
export async function readyNetworkTools(yes: boolean): Promise<void> {
  const missing = tools.filter((tool) => findProgram(tool) === undefined);
  if (missing.length === 0) {
    if (!mayBeRoot(privilege())) await agree(asRoot, consentHere(yes));
    return;
  }
  const facts = { platform: process.platform, osRelease: osRelease(), missing };
  const { problem, command } = networkToolsQuestion(facts);
  const before = await agree({ problem, commands: [command] }, consentHere(yes));
  await installPackages("network tools", { command, before });
}
