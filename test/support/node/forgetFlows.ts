import { inNamespace } from "../networkTools.ts";

/** The kernel's own interface (linux/netfilter/nfnetlink_conntrack.h): a delete that names no flow is of all. */
const PROGRAM = `
import socket, struct
CTNETLINK_DELETE, REQUEST_AND_ACK = 1 << 8 | 2, 5
netfilter = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 12)
netfilter.send(struct.pack("IHHIIBBH", 20, CTNETLINK_DELETE, REQUEST_AND_ACK, 1, 0, 0, 0, 0))
error = struct.unpack("i", netfilter.recv(4096)[16:20])[0]
raise SystemExit(f"flows were not forgotten: {-error}" if error else 0)
`;

/** Makes a router forget every flow that it tracks: what follows is translated by its rules as they are. */
export const forgetFlows = (namespace: string): Promise<string> =>
  inNamespace(namespace, "python3", "-c", PROGRAM);
