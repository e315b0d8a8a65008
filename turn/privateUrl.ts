/** URLs that secrets may be sent to. */

/** HTTP to these names does not leave the machine. */
const isThisMachine = (hostname: string): boolean =>
  /^127(\.\d+){3}$/.test(hostname) ||
  ["localhost", "[::1]", "host.docker.internal"].includes(hostname);

/** Whether nobody can read on the way what is sent there: HTTPS, or HTTP on this machine; and no password in it. */
export function isPrivateUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  if (username !== "" || password !== "") return false;
  return protocol === "https:" || (protocol === "http:" && isThisMachine(hostname));
}
