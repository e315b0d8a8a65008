/** Looks at the certificate of a server; its task is its argument, JSON, and it prints what it saw. */
import { once } from "node:events";
import { isIP } from "node:net";
import { connect } from "node:tls";
import { type Served, ServedTask } from "./servedCertificate.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

const { host, port, ca } = ServedTask.parse(JSON.parse(process.argv[2] ?? ""));
const servername = isIP(host) === 0 ? host : "";
const socket = connect({ host, port, ca, servername, timeout: 10_000 });
socket.once("timeout", () => socket.destroy(new Error("nothing is answered")));
await once(socket, "secureConnect");
const it = socket.getPeerX509Certificate();
if (it === undefined) throw new Error("there is no certificate");
const served: Served = {
  pem: it.toString(),
  serial: it.serialNumber,
  names: it.subjectAltName ?? "",
  days: (it.validToDate.getTime() - it.validFromDate.getTime()) / DAY_MS,
};
console.log(JSON.stringify(served));
socket.destroy();
