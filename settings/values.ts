/** The kinds of value that settings are made of. */
import { isIPv4 } from "node:net";
import * as z from "zod";
import { blockOf } from "../plan/ipv4Block.ts";

export const Port = z.int("a whole number").min(1, "at least 1").max(65_535, "at most 65535");

/** What libwebrtc, and so every browser, takes for the port of a TURN server (p2p/base/turn_port.cc, AllowedTurnPort). */
const isTurnPort = (port: number) => [53, 80, 443].includes(port) || port >= 1024;

export const TurnPort = Port.refine(
  isTurnPort,
  "53, 80, 443, or 1024 and above: browsers use no other",
);

export const PortRange = z
  .strictObject({ from: Port, to: Port })
  .refine(({ from, to }) => from <= to, { error: "from at most to", path: ["to"] });

/** A private or public IPv4 block between two prefix lengths, that begins where such a block can. */
export const Cidr = (shortest: number, longest: number) =>
  z.string().refine((it) => {
    const [address = "", length = ""] = it.split("/");
    const prefix = Number(length);
    return (
      isIPv4(address) &&
      /^\d+$/.test(length) &&
      prefix >= shortest &&
      prefix <= longest &&
      blockOf(address, prefix) === it
    );
  }, `an IPv4 block of /${shortest} to /${longest} such as 10.77.0.0/24, without host bits`);

export const Image = z.string().regex(/^\S+$/, "an image reference without spaces");

/** An image that is the same tomorrow: by digest, or by a tag that is a version. */
export const PinnedImage = Image.refine(
  (it) => /@sha256:[0-9a-f]{64}$/.test(it) || /:[^/:@]*\d[^/:@]*$/.test(it),
  "an image with a digest (name@sha256:...) or a version as its tag (name:1.2.3)",
);

/** A whole number of seconds between two bounds. */
export const seconds = (min: number, max: number, maxReason = "") =>
  z
    .int("a whole number of seconds")
    .min(min, `at least ${min}`)
    .max(max, `at most ${max}${maxReason}`);

/** Defaults of what a container may use. */
interface Limits {
  readonly memoryMib: number;
  readonly cpus: number;
}

/** The settings that limit a container: memory, processors, and the time it gets to stop. */
export const limits = ({ memoryMib, cpus }: Limits) => ({
  memoryMib: z
    .int("a whole number of MiB")
    .min(32, "at least 32")
    .max(1_048_576, "at most 1048576")
    .default(memoryMib)
    .describe("Memory of the container in MiB; it gets no swap beyond"),
  cpus: z
    .number("a number of processors")
    .min(0.1, "at least 0.1")
    .max(256, "at most 256")
    .multipleOf(0.1, "a multiple of 0.1")
    .default(cpus)
    .describe("Processors the container may use, in tenths"),
  stopSeconds: seconds(1, 3_600)
    .default(10)
    .describe("Time from the request to stop until the container is killed"),
});
