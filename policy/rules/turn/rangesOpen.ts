import * as z from "zod";
import { parseCidr, subtractRanges } from "../../cidr.ts";
import type { Resource } from "../../rule.ts";
import type { Container } from "../../subjects/container.ts";
import { known } from "../../subjects/seen.ts";
import { type PortSpan, spanText } from "../../ports.ts";
import type { TurnServer } from "../../subjects/turnServer.ts";
import { runnersOf } from "../../subjects/turnServers.ts";
import { type Opening, openingsOf } from "../../openings.ts";
import { turnStackRule } from "./turnRule.ts";

const Config = z.strictObject({
  /** Who is to reach the ports, in CIDR notation. */
  clients: z
    .array(z.string().refine((it) => parseCidr(it) !== undefined, "must be a CIDR"))
    .default(["0.0.0.0/0"]),
});

/** Nothing says that packets are lost to a closed port: a call connects and stays silent. */
export const rangesOpen = turnStackRule({
  name: "turn-ranges-open",
  description:
    "Relay and media ports are open: in the security group, or published by the container engine.",
  severity: "high",
  config: Config,
  judges: "turn",
  check: (server, resources, { clients }) =>
    spansOf(server).flatMap(({ name, span }) => {
      const closed = closedPorts(server, resources, span, clients);
      return closed === undefined
        ? []
        : [
            {
              what: `packets to ${name} ports are lost`,
              seen: `of udp ${spanText(span)} ${spanText(closed)} is closed`,
              mend: `open udp ${spanText(span)} to ${clients.join(", ")}`,
            },
          ];
    }),
});

type UdpOpening = Pick<Opening, "ports" | "ranges">;

const spansOf = (server: TurnServer): { name: string; span: PortSpan }[] => [
  { name: "relay", span: server.relayPorts },
  ...(server.engine === "livekit" && server.mediaPorts
    ? [{ name: "media", span: server.mediaPorts }]
    : []),
];

/** The first ports of a span that are closed. On the machine's own network its firewall is not the stack's. */
function closedPorts(
  server: TurnServer,
  resources: readonly Resource[],
  span: PortSpan,
  clients: readonly string[],
): PortSpan | undefined {
  const wanted = clients.flatMap((it) => parseCidr(it) ?? []);
  if (server.part !== undefined) return firstClosed(span, ingress(resources), wanted);
  return runnersOf(server, resources)
    .filter((it) => it.network !== "host")
    .map((it) => firstClosed(span, published(it), wanted))
    .find((it) => it !== undefined);
}

/** Of every security group of the stack: a node may have several. */
const ingress = (resources: readonly Resource[]): readonly UdpOpening[] =>
  openingsOf(resources).filter(
    ({ direction, protocol }) =>
      direction === "ingress" && (protocol === "udp" || protocol === "all"),
  );

/** Docker lets everyone in who reaches the address it publishes on. */
const published = ({ ports }: Container): UdpOpening[] =>
  ports.flatMap(({ protocol, external }) => {
    const port = known(external);
    return protocol === "udp" && port !== undefined
      ? [
          {
            ports: { from: port, to: port },
            ranges: ["0.0.0.0/0", "::/0"].flatMap((it) => parseCidr(it) ?? []),
          },
        ]
      : [];
  });

/** Ports between two borders of openings fare alike: each such stretch must be open to all that are wanted. */
function firstClosed(
  { from, to }: PortSpan,
  openings: readonly UdpOpening[],
  wanted: ReturnType<typeof subtractRanges>,
): PortSpan | undefined {
  const borders = openings.flatMap(({ ports }) => [ports.from, ports.to + 1]);
  const starts = [...new Set([from, ...borders.filter((it) => from < it && it <= to)])].toSorted(
    (a, b) => a - b,
  );
  return starts
    .map((start, index) => ({ from: start, to: (starts[index + 1] ?? to + 1) - 1 }))
    .find((stretch) => {
      const sources = openings
        .filter(({ ports }) => ports.from <= stretch.from && stretch.to <= ports.to)
        .flatMap((it) => it.ranges);
      return subtractRanges(wanted, sources).length > 0;
    });
}
