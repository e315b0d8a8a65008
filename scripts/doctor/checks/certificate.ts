/** The local CA and the certificates that the stack serves. */
import { X509Certificate } from "node:crypto";
import { statSync } from "node:fs";
import { dataFolder } from "../../../machine/folders.ts";
import { localCaFile } from "../../../machine/localCa.ts";
import { readIfThere } from "../../../machine/readIfThere.ts";
import { errorCode } from "../../../verify/findings.ts";
import { npmRun } from "../../npmRun.ts";
import { timeFaults, uncovered } from "../certificateFaults.ts";
import type { Check, DoctorContext } from "../check.ts";
import { ok, problem, unknown, warning, type Finding } from "../finding.ts";
import type { DoctorOutputs } from "../stackRecord.ts";
import { servedCertificate, tlsEndpoints, type Served, type TlsEndpoint } from "../tlsEndpoints.ts";

const ANSWER_MS = 3_000;
/** Permissions of others than the owner. */
const OTHERS = 0o077;

/** The file of the local CA: there, whole, in time, its key for nobody else. */
export function caFindings(file: string, now: Date): Finding[] {
  const renew =
    "npm run down, npm run clean, npm run up: a new CA, which devices have to trust anew";
  const text = readIfThere(file);
  if (text === undefined) return [ok("there is no local CA yet: the first update makes one")];
  let certificate: X509Certificate;
  try {
    if (!text.includes("PRIVATE KEY-----")) throw new Error("it holds no key");
    certificate = new X509Certificate(text);
  } catch {
    return [problem(`${file} holds no certificate and key`, renew)];
  }
  const mode = statSync(file).mode & 0o777;
  const open =
    process.platform !== "win32" && (mode & OTHERS) !== 0
      ? [
          problem(
            `the key of the local CA may be read by others (mode ${mode.toString(8)}): whoever has it can pose as any server to devices that trust it`,
            `chmod 600 ${file}; if others use this machine: ${renew}`,
          ),
        ]
      : [];
  const faults = [...open, ...timeFaults("the local CA", certificate, now, renew)];
  const until = new Date(certificate.validTo).toISOString().slice(0, 10);
  return faults.length > 0
    ? faults
    : [ok(`local CA valid until ${until}, its key for this user alone`)];
}

/** The certificate that is served at one port of the stack. */
async function servedFindings(
  endpoint: TlsEndpoint,
  { nodeAddress, caCertificate }: Pick<DoctorOutputs, "nodeAddress" | "caCertificate">,
  { now, stack }: Pick<DoctorContext, "now" | "stack">,
): Promise<Finding[]> {
  const up = npmRun("up", stack);
  const what = `the certificate on ${endpoint.port}/tcp`;
  let served: Served;
  try {
    served = await servedCertificate(nodeAddress, endpoint, {
      ca: caCertificate,
      limitMs: ANSWER_MS,
    });
  } catch (error) {
    const why = errorCode(error);
    return [
      problem(
        `${endpoint.port}/tcp serves no TLS (${why})`,
        `see containers and ports above; then ${up}`,
      ),
    ];
  }
  const { leaf, vouchedFor } = served;
  const missing = uncovered(leaf, endpoint.names);
  const faults = timeFaults(what, leaf, now(), `${up} issues a new one`);
  if (missing.length > 0)
    faults.push(
      problem(`${what} does not cover ${missing.join(", ")}`, `${up} issues one that does`),
    );
  if (!vouchedFor)
    faults.push(
      problem(
        `${what} is neither from the stack's CA nor from a public one: another server answers there, or it still has an older one`,
        up,
      ),
    );
  if (faults.length > 0) return faults;
  return [
    ok(
      `${what} covers ${endpoint.names.join(", ")}, valid until ${new Date(leaf.validTo).toISOString().slice(0, 10)}`,
    ),
  ];
}

function sameCa(
  file: string,
  { caCertificate }: Pick<DoctorOutputs, "caCertificate">,
  up: string,
): Finding[] {
  const text = readIfThere(file);
  if (text === undefined || caCertificate === undefined) return [];
  try {
    const [local, deployed] = [new X509Certificate(text), new X509Certificate(caCertificate)];
    // A certificate that the user gave comes from a CA of another name.
    if (local.subject !== deployed.subject || local.fingerprint256 === deployed.fingerprint256)
      return [];
  } catch {
    return [];
  }
  return [
    warning(
      "the stack's certificates are from an earlier local CA",
      `${up} issues them from the one of now`,
    ),
  ];
}

export const certificate: Check = {
  async run(context) {
    const file = localCaFile(dataFolder(context.env));
    const own = caFindings(file, context.now());
    const record = await context.record().catch(() => "untold" as const);
    if (record === "untold")
      return [...own, unknown("what the stack serves: its backend does not tell")];
    const outputs = record?.outputs;
    if (!outputs) return own;
    const served = tlsEndpoints(outputs).map((it) => servedFindings(it, outputs, context));
    return [
      ...own,
      ...sameCa(file, outputs, npmRun("up", context.stack)),
      ...(await Promise.all(served)).flat(),
    ];
  },
};
