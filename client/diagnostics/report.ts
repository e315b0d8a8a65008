/** What a run found, to copy and send to whoever can help. It holds no credential and no token. */
import { describePath } from "../pages/describePath.ts";
import type { End, Path } from "../pages/path.ts";
import { describeUrl } from "./describeUrl.ts";
import { findings, headlines, verdictOf } from "./findings.ts";
import type { Attempt, Found, Measured, RelayProof, RoomProof } from "./measured.ts";
import { describeLoss, describeMs, describeThroughput } from "./numbers.ts";

/** Says of each address whose it is: a reader may want to leave their own out. */
const owned = (kind: Found["kind"], address: string | undefined) =>
  kind === "relay" ? { relayAddress: address } : { yourAddress: address };

const endOf = ({ address, ...end }: End) => ({ ...end, ...owned(end.kind, address) });
const pathWithOwners = ({ local, remote: { address, ...remote }, ...path }: Path) => ({
  ...path,
  local: endOf(local),
  remote: { ...remote, otherAddress: address },
});

function withOwners<R extends { readonly path?: Path | undefined }>(attempt: Attempt<R>) {
  if (attempt.state !== "done") return attempt;
  const { path, ...result } = attempt.result;
  return { ...attempt, result: { ...result, path: path && pathWithOwners(path) } };
}

/** The report as JSON; `yourAddress` marks every address of the reader's own. */
export function reportJson(measured: Measured): string {
  const found = findings(measured);
  const { urls, relay, rooms, ...rest } = measured;
  const report = {
    format: "turnkey-diagnostics-1",
    verdict: verdictOf(found),
    findings: found,
    ...rest,
    urls: urls.map((it) => ({
      ...it,
      found: it.found.map(({ address, ...one }) => ({ ...one, ...owned(one.kind, address) })),
    })),
    relay: withOwners(relay),
    rooms: { relay: withOwners(rooms.relay), any: withOwners(rooms.any) },
  };
  return JSON.stringify(report, undefined, 2);
}

/** Name and value of what a proof over the relay measured. */
export const relayRows = ({ connectedMs, path, probes, transfer }: RelayProof) => [
  ["Path", path ? describePath(path) : "not told by this browser"],
  ["File", describeThroughput(transfer) + (transfer.intact ? "" : ", damaged")],
  ["Small packets", describeLoss(probes)],
  [
    "To the relay and back",
    `${describeMs(probes.medianMs)}; 95 of 100 within ${describeMs(probes.slowMs)}`,
  ],
  ["Connected after", describeMs(connectedMs)],
];

/** The same of a room. */
export const roomRows = ({ connectedMs, path, frames }: RoomProof) => [
  ["Path", path ? describePath(path) : "not told by this browser"],
  ["Pictures sent", `${frames}`],
  ["Joined and sending after", describeMs(connectedMs)],
];

function lines<R>(title: string, attempt: Attempt<R>, rows: (result: R) => string[][]): string[] {
  switch (attempt.state) {
    case "done":
      return [title, ...rows(attempt.result).map(([name, value]) => `  ${name}: ${value}`)];
    case "failed":
      return [title, `  failed while ${attempt.stage}: ${attempt.why}`];
    case "skipped":
      return [title, `  left out: ${attempt.why}`];
    default:
      return attempt satisfies never;
  }
}

/** The report as text. */
export function reportText(measured: Measured): string {
  const found = findings(measured);
  const { at, page, browser, urls, relay, rooms } = measured;
  return [
    `Turnkey diagnostics of ${page}, ${at}`,
    browser,
    "",
    headlines[verdictOf(found)],
    ...found.flatMap(({ level, title, text, mend }) => [
      "",
      `[${level}] ${title}`,
      `  ${text}`,
      ...(mend === undefined ? [] : [`  What to do: ${mend}`]),
    ]),
    "",
    "Servers",
    ...urls.flatMap((it) => [
      `  ${it.url}: ${describeUrl(it)}`,
      ...it.found.map(
        ({ kind, address = "hidden by the browser" }) =>
          `    ${kind}, ${kind === "relay" ? "the relay's" : "your own"} address: ${address}`,
      ),
      ...it.errors.map(({ code, text }) => `    error ${code}: ${text}`),
    ]),
    "",
    ...lines("A file over the relay", relay, relayRows),
    ...lines("A LiveKit room over the relay", rooms.relay, roomRows),
    ...lines("A LiveKit room by any path", rooms.any, roomRows),
    "",
  ].join("\n");
}
