/** What TLS the edge offers. */
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:tls";
import { describe, expect, test } from "@jest/globals";
import type { Rig } from "../../support/node/rig.ts";
import { scanTls, weaknesses } from "../../support/node/tlsScan.ts";
import { portOf } from "../../support/portOf.ts";

const MINUTES = 60_000;

/** A server with everything that nobody should offer. */
async function weakServer() {
  const request = "req -x509 -newkey rsa:1024 -sha1 -nodes -subj /CN=weak -keyout - -out -";
  const pem = execFileSync("openssl", request.split(" "), { stdio: ["ignore", "pipe", "pipe"] });
  const old = {
    minVersion: "TLSv1",
    ciphers: "ALL:@SECLEVEL=0",
    ecdhCurve: "P-521:P-256",
  } as const;
  const server = createServer({ cert: pem, key: pem, ...old }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

/** Declares the tests. */
export const tlsTests = (rig: () => Rig): void =>
  describe("TLS", () => {
    test.each([443, 5349])(
      "offers nothing weak on port %i",
      async (port) => {
        const { host, internet } = rig();
        const found = await scanTls(`${host}:${port}`, internet.client);
        expect(weaknesses(found)).toEqual([]);
        expect(found.protocols).toEqual(["TLSv1.2", "TLSv1.3"]);
        expect(found.ciphers.length).toBeGreaterThan(3);
        expect(found.groups.length).toBeGreaterThan(2);
      },
      2 * MINUTES,
    );

    test(
      "is found weak by the same look where it is",
      async () => {
        const server = await weakServer();
        try {
          const found = weaknesses(await scanTls(`127.0.0.1:${portOf(server)}`));
          expect(found).toEqual(
            expect.arrayContaining([
              "TLSv1.0",
              "TLSv1.1",
              "ECDHE-RSA-AES128-SHA",
              "AES256-GCM-SHA384",
              expect.stringMatching(/^secp521r1/),
              "RSA key of 1024 bits",
              "signed by sha1WithRSAEncryption",
            ]),
          );
        } finally {
          server.close();
        }
      },
      2 * MINUTES,
    );
  });
