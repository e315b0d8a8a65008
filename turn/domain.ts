/** What LiveKit takes for the name of a TURN server. */
import { isIP } from "node:net";

/** LiveKit's own rule (IsValidDomain in pkg/service/utils.go): labels and at least one dot. An IPv4 literal passes it. */
export const isTurnDomain = (name: string): boolean =>
  isIP(name) === 4 || /^[a-z0-9-]+(?:\.[a-z0-9-]+)+\.?$/i.test(name);
