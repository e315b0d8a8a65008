/** Who reaches what on the node itself. */
import * as z from "zod";
import type { Rig } from "./rig.ts";

/** An address of the node's own, or of its metadata service. */
export interface Place {
  readonly host: string;
  readonly port: number;
}

/** Listens where nobody does, asks as each user in turn, and prints who got a connection. */
const PROBE = `
import encodings.idna, json, os, socket, sys  # other users may read no library later
places, users = json.loads(sys.argv[1])
listening = []
for host, port in places:
    try:
        listening.append(socket.create_server((host, port)))
    except OSError:
        pass  # the service itself listens, or it is another machine's
told = []
for host, port in places:
    reached = []
    for user in users:
        child = os.fork()
        if child == 0:
            os.setgid(user)
            os.setuid(user)
            try:
                socket.create_connection((host, port), 3)
                os._exit(0)
            except OSError:
                os._exit(1)
        if os.waitpid(child, 0)[1] == 0:
            reached.append(user)
    told.append(reached)
print(json.dumps(told))`;

/** Takes the firewall away while it asks. */
const WITHOUT_FIREWALL = `set -e
nft list table inet turnkey >/run/kept.nft
trap 'nft -f /run/kept.nft' EXIT
nft delete table inet turnkey
"$@"`;

/** Of each place the users who reach it; with `open` while the node has no firewall. */
export async function whoReaches(
  { node }: Pick<Rig, "node">,
  places: readonly Place[],
  users: readonly number[],
  { open = false } = {},
): Promise<number[][]> {
  const asked = JSON.stringify([places.map(({ host, port }) => [host, port]), users]);
  const probe = ["python3", "-c", PROBE, asked];
  const before = open ? ["sh", "-c", WITHOUT_FIREWALL, "sh"] : [];
  const printed = await node.run([...before, ...probe], 180_000);
  return z.array(z.array(z.int())).parse(JSON.parse(printed));
}
