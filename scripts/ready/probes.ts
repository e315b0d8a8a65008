/** Thin probes over TCP and UDP: whether anything answers. */
import { randomBytes } from "node:crypto";
import { createSocket } from "node:dgram";
import { connect } from "node:net";
import { errorCode } from "../../verify/findings.ts";
import type { Reach } from "./blame.ts";

export interface Place {
  readonly host: string;
  readonly port: number;
}

/** Whether a place takes a connection within the time. */
export function tcpReach({ host, port }: Place, limitMs: number): Promise<Reach["tcp"]> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (reach: Reach["tcp"]) => {
      socket.destroy();
      resolve(reach);
    };
    socket.setTimeout(limitMs, () => end("silent"));
    socket.once("connect", () => end("open"));
    socket.once("error", (error) =>
      end(errorCode(error) === "ECONNREFUSED" ? "refused" : "silent"),
    );
  });
}

/** Packets get lost: each is sent as often, in even steps of the time. */
const SENT = 3;

/** Whether a place answers a packet with any packet within the time. */
export function udpReach(
  { host, port }: Place,
  packet: Buffer,
  limitMs: number,
): Promise<Reach["udp"]> {
  return new Promise((resolve) => {
    const socket = createSocket("udp4");
    let ended = false;
    const end = (reach: Reach["udp"]) => {
      if (ended) return;
      ended = true;
      clearInterval(repeat);
      clearTimeout(limit);
      socket.close();
      resolve(reach);
    };
    // A name that is not found, or no route: nobody is there.
    const send = () => socket.send(packet, port, host, (error) => error && end("silent"));
    const repeat = setInterval(send, limitMs / SENT);
    const limit = setTimeout(() => end("silent"), limitMs);
    socket.once("message", () => end("answers"));
    socket.on("error", () => end("silent"));
    send();
  });
}

/** A STUN binding request without attributes (RFC 8489 section 5). */
export const stunRequest = (): Buffer =>
  Buffer.concat([Buffer.from("000100002112a442", "hex"), randomBytes(12)]);

/** A request of an NTP client, version 4 (RFC 5905 section 7.3). */
export const ntpRequest = (): Buffer => {
  const packet = Buffer.alloc(48);
  packet[0] = 0x23;
  return packet;
};
