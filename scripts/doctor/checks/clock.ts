/**
 * The clock: credentials and tokens carry an expiry in absolute time, so the machines that mint and
 * judge them must agree. What cannot be told from here is whether they are all wrong together, unless
 * this machine asks a time server (synchronised or not, says systemd).
 */
import { existsSync } from "node:fs";
import { request as requestPlain } from "node:http";
import { request as requestTls } from "node:https";
import type { DockerEngine } from "../../../machine/dockerEngine.ts";
import { findProgram } from "../../setup/privilege.ts";
import { runCommand } from "../../setup/runCommand.ts";
import type { Check, DoctorContext } from "../check.ts";
import { ok, problem, unknown, warning, type Finding } from "../finding.ts";

/** TLS, JWT libraries and LiveKit's tokens forgive about a minute. */
const WARNING_SECONDS = 60;
/** The shortest credential lives a minute, a usual room token some: past this they are born dead. */
const PROBLEM_SECONDS = 300;
const ANSWER_MS = 3_000;

/** What a clock that differs by so many seconds from this machine's means; HTTP dates count whole seconds. */
export function skewFinding(what: string, seconds: number): Finding {
  const off = Math.abs(seconds);
  const text = `${what} is ${Math.round(off)} s ${seconds > 0 ? "ahead of" : "behind"} this machine's`;
  const mend =
    "synchronise both with a time server (timedatectl set-ntp true); a virtual machine that slept: restart it";
  if (off > PROBLEM_SECONDS)
    return problem(`${text}: credentials with a short life are refused at once`, mend);
  if (off > WARNING_SECONDS) return warning(`${text}: expiries are off by that`, mend);
  return ok(`${what} agrees with this machine's`);
}

/** The time in the answer's head, whatever the answer is; undefined without one. */
export function dateOf(url: string, ca: string | undefined): Promise<Date | undefined> {
  const target = new URL(url.replace(/^ws/, "http"));
  return new Promise((resolve, reject) => {
    const options = { method: "GET", timeout: ANSWER_MS, agent: false } as const;
    // A certificate of the wrong time must not hide the clock: it is judged elsewhere.
    const call =
      target.protocol === "https:"
        ? requestTls(target, { ...options, ...(ca && { ca }), rejectUnauthorized: false })
        : requestPlain(target, options);
    call.once("response", (answer) => {
      answer.destroy();
      const { date } = answer.headers;
      resolve(date === undefined ? undefined : new Date(date));
    });
    call.once("timeout", () => call.destroy(new Error(`no answer in ${ANSWER_MS} ms`)));
    call.once("error", reject);
    call.end();
  });
}

async function engineDate(engine: DockerEngine): Promise<Date | undefined> {
  const answer = await engine.raw("GET", "/_ping", { timeoutMs: ANSWER_MS });
  answer.destroy();
  const { date } = answer.headers;
  return date === undefined ? undefined : new Date(date);
}

async function compared(
  what: string,
  ask: () => Promise<Date | undefined>,
  now: () => Date,
): Promise<Finding[]> {
  try {
    const theirs = await ask();
    return theirs ? [skewFinding(what, (theirs.getTime() - now().getTime()) / 1000)] : [];
  } catch {
    return [unknown(`${what}: no answer`)];
  }
}

async function synchronised(signal: AbortSignal): Promise<Finding> {
  const timedatectl = findProgram("timedatectl");
  if (timedatectl === undefined || !existsSync("/run/systemd/system"))
    return unknown("whether a time server is asked: there is no systemd to tell");
  const command = { file: timedatectl, args: ["show", "--property=NTPSynchronized", "--value"] };
  const answer = await runCommand(command, { report: () => undefined, signal }).catch(() => "");
  if (answer.trim() === "yes") return ok("this machine's clock is synchronised");
  if (answer.trim() === "no")
    return warning(
      "this machine's clock is not synchronised with a time server",
      "sudo timedatectl set-ntp true",
    );
  return unknown("whether a time server is asked: timedatectl does not tell");
}

async function stackDates({ record, now }: DoctorContext): Promise<Finding[]> {
  const outputs = (await record())?.outputs;
  if (!outputs) return [];
  const { apiUrl, livekitUrl, caCertificate } = outputs;
  const asked = [
    compared("the API's clock", () => dateOf(`${apiUrl}/healthz`, caCertificate), now),
    compared("LiveKit's clock", () => dateOf(livekitUrl, caCertificate), now),
  ];
  return (await Promise.all(asked)).flat();
}

export const clock: Check = {
  async run(context) {
    const { engine, now, signal, target } = context;
    const engineClock = () =>
      engine().then(
        (it) => compared("the engine's clock", () => engineDate(it), now),
        () => [unknown("the engine's clock: the engine does not answer")],
      );
    const findings = await Promise.all([
      ...(target === "docker" ? [engineClock()] : []),
      stackDates(context).catch(() => [unknown("the stack's clocks: its backend does not tell")]),
      synchronised(signal),
    ]);
    return findings.flat();
  },
};
