/** Whether what this server hands out would work. */
import { certificateCheck } from "./certificate.ts";
import type { Check } from "./check.ts";
import { checkClock } from "./clock.ts";
import { askLivekit } from "./livekit.ts";
import { nodeDocumentStatus, type NodeDocumentStatus } from "./nodeDocument.ts";
import { shared } from "./shared.ts";

/** The checks by name; without `address` those that hang on the public address are left out. */
export type Readiness = (wanted: { readonly address: boolean }) => Promise<Checks>;

/** Which document the node runs; undefined off a node, and while nobody tells. */
export type NodeDocument = () => Promise<NodeDocumentStatus | undefined>;

export interface Checks {
  readonly livekit: Check;
  readonly clock: Check;
  /** Absent as well where no certificate is served. */
  readonly certificate?: Check;
}

export interface ReadinessDeps {
  /** LiveKit as the API reaches it, such as `http://127.0.0.1:7880`. */
  readonly livekitHttpUrl: string;
  /** PEM of the chain that is served. */
  readonly certificateFile?: string | undefined;
  readonly now: () => Date;
  /** Goes forward only. Default: `performance.now`. */
  readonly clockMs?: () => number;
}

/** However many ask, LiveKit is asked once a second. */
const EVERY_MS = 1_000;

/** What a node's agent tells in a file, read once a second at most; undefined without a file. */
export function nodeDocumentOf(
  file: string | undefined,
  clockMs = () => performance.now(),
): NodeDocument | undefined {
  return file === undefined ? undefined : shared(EVERY_MS, clockMs, nodeDocumentStatus(file));
}

/** Makes the checks of one server. */
export function readinessOf(deps: ReadinessDeps): Readiness {
  const { livekitHttpUrl, certificateFile, now, clockMs = () => performance.now() } = deps;
  const askBoth = shared(EVERY_MS, clockMs, async () => {
    const { ok, detail, date } = await askLivekit(livekitHttpUrl);
    return { livekit: { ok, detail }, clock: checkClock(now(), date) };
  });
  const askCertificate =
    certificateFile === undefined
      ? undefined
      : shared(EVERY_MS, clockMs, certificateCheck(certificateFile, now));
  return async ({ address }) => {
    const [both, certificate] = await Promise.all([
      askBoth(),
      address ? askCertificate?.() : undefined,
    ]);
    return { ...both, ...(certificate ? { certificate } : {}) };
  };
}
