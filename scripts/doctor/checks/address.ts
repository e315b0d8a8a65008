/** Whether the address that clients are told is still one of this machine's. */
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { networkInterfaces } from "node:os";
import { npmRun } from "../../npmRun.ts";
import type { Check } from "../check.ts";
import { ok, problem, warning, type Finding } from "../finding.ts";

/** Every address of this machine. */
const addressesHere = () =>
  Object.values(networkInterfaces()).flatMap((it) => it?.map(({ address }) => address) ?? []);

/** What a deployed address is to the machine's; `planned` is where the next update would go. */
export function addressFindings({
  deployed,
  planned,
  here,
  up,
}: {
  deployed: string;
  planned: string;
  here: readonly string[];
  up: string;
}): Finding[] {
  const others = here.filter((it) => isIP(it) === 4 && !it.startsWith("127."));
  const has = others.length > 0 ? `; it has ${others.join(", ")}` : "";
  if (!here.includes(deployed))
    return [
      problem(
        `the stack was deployed for ${deployed}, and this machine has that address no more${has}`,
        up,
      ),
    ];
  if (deployed !== planned)
    return [
      warning(
        `the stack was deployed for ${deployed}, and an update now would take ${planned}`,
        up,
      ),
    ];
  return [ok(`${deployed} is on this machine`)];
}

/** The host in a URL such as `turns:example.org:443?transport=tcp`. */
const hostOf = (url: string) => /^[a-z]+:(?:\/\/)?(\[[^\]]+\]|[^:/?]+)/.exec(url)?.[1] ?? "";

async function nameFinding(name: string, address: string): Promise<Finding> {
  const mend = `let ${name} point to ${address} (DNS, or /etc/hosts on each machine)`;
  try {
    const found = (await lookup(name, { all: true, family: 4 })).map((it) => it.address);
    return found.includes(address)
      ? ok(`${name} is ${address}`)
      : problem(
          `${name} is ${found.join(", ")} and not ${address}, so TURN URLs lead elsewhere`,
          mend,
        );
  } catch {
    return problem(`the name ${name} in the TURN URLs is not found`, mend);
  }
}

export const address: Check = {
  async run({ stack, record, plan }) {
    const outputs = (await record())?.outputs;
    if (!outputs) return [ok("nothing is deployed for an address yet")];
    const { nodeAddress } = outputs;
    const planned = await plan().then(
      (it) => it.nodeAddress,
      () => nodeAddress,
    );
    const names = [...new Set(outputs.iceUrls.map(hostOf))].filter(
      (it) => isIP(it.replace(/^\[|\]$/g, "")) === 0,
    );
    return [
      ...addressFindings({
        deployed: nodeAddress,
        planned,
        here: addressesHere(),
        up: `${npmRun("up", stack)} deploys it for the address of now`,
      }),
      ...(await Promise.all(names.map((name) => nameFinding(name, nodeAddress)))),
    ];
  },
};
