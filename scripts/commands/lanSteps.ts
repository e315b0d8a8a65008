import { X509Certificate } from "node:crypto";
import { renderUnicodeCompact } from "uqr";
import { CA_PATH } from "../../turn/caPath.ts";
import type { StackOutputs } from "../../turn/outputs.ts";
import { LOOPBACK } from "../../turn/ports.ts";
import { columns } from "./columns.ts";

type LanOutputs = Pick<StackOutputs, "edgeUrl" | "demoUrl" | "nodeAddress" | "caCertificate">;

export interface LanStepsOptions {
  /** Whether the certificate is from the local CA, which a phone does not know. */
  readonly localCa: boolean;
  /** Whether to draw the URL to begin with; two lines of its modules in one of text. */
  readonly qrCode: boolean;
}

/**
 * How a phone on the LAN gets to the page and comes to trust it; undefined for a stack that serves its
 * own machine alone, has no HTTPS, or nothing for a phone to open.
 */
export function lanSteps(
  { edgeUrl, demoUrl, nodeAddress, caCertificate }: LanOutputs,
  { localCa, qrCode }: LanStepsOptions,
): string | undefined {
  if (edgeUrl === undefined || nodeAddress === LOOPBACK) return undefined;
  const caUrl = localCa ? `${edgeUrl}${CA_PATH}` : undefined;
  const first = demoUrl ?? caUrl;
  if (first === undefined) return undefined;
  const drawn = qrCode ? [renderUnicodeCompact(first, { border: 2 })] : [];
  const page = demoUrl === undefined ? [] : [["on the phone", demoUrl]];
  if (caUrl === undefined || caCertificate === undefined)
    return [...drawn, columns(page)].join("\n");
  const { fingerprint256 } = new X509Certificate(caCertificate);
  return [
    ...drawn,
    columns([...page, ["its CA", caUrl], ["SHA-256", fingerprint256]]),
    "A phone trusts the page once it has the CA: open its URL, go on past the warning, compare the",
    "fingerprint, install it. On an iPhone also switch it on: Settings > General > About > Certificate",
    "Trust Settings. What it may do then, and other systems: docs/lan.md",
  ].join("\n");
}
