/** The programs of probes, in a client's namespace. */
import type { PairTask } from "./forbiddenPairMain.ts";
import { ProbeReport, type ProbeTask } from "./forbiddenProbes.ts";
import { runIn } from "./runIn.ts";

/** Sends every probe of the task, and gives what the server answered. Throws what hindered the driver. */
export const sendProbes = async (namespace: string, task: ProbeTask): Promise<ProbeReport> =>
  ProbeReport.parse(JSON.parse(await runIn(namespace, "forbiddenMain.ts", task)));

/** Passes packets both ways between relays at two URLs. Throws unless each arrives. */
export const passBetweenRelays = async (namespace: string, task: PairTask): Promise<void> =>
  void (await runIn(namespace, "forbiddenPairMain.ts", task));
