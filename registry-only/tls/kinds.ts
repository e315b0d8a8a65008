import type { Kind } from "../provider/kind.ts";
import { certRequest } from "./certRequest.ts";
import { locallySignedCert } from "./locallySignedCert.ts";
import { privateKey } from "./privateKey.ts";

/** The kinds of the `tls` provider that Turnkey declares; clock and randomness come from outside. */
export const tlsKinds = (
  now: () => Date,
  draw: (bytes: number) => Buffer,
): Record<string, Kind> => ({
  "tls:index/privateKey:PrivateKey": privateKey(() => draw(4).readUInt32BE()),
  "tls:index/certRequest:CertRequest": certRequest,
  "tls:index/locallySignedCert:LocallySignedCert": locallySignedCert({
    now,
    drawSerial: () => draw(16),
  }),
});
