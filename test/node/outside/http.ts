/** What the edge says to browsers beside what it passes on. */
import { describe, expect, test } from "@jest/globals";
import { ask } from "../../support/node/ask.ts";
import type { Rig } from "../../support/node/rig.ts";
import { soon } from "../../support/node/soon.ts";

const MINUTES = 60_000;
const HSTS = "strict-transport-security";
const FOR_A_YEAR = "max-age=31536000";
/** Of the API and of LiveKit, and what is nobody's. */
const PATHS = [
  "/healthz",
  "/readyz",
  "/diagnostics",
  "/api/livekit/ice-config",
  "/nowhere",
  "/%",
  "/rtc",
  "/rtc/validate",
  "/twirp/livekit.RoomService/ListRooms",
  "/agent",
];

/** Answers at paths of the node's, by its name. */
async function get(
  { host, internet, trusted }: Pick<Rig, "host" | "internet" | "trusted">,
  ...paths: readonly string[]
) {
  const questions = paths.map((it) => ({ url: `https://${host}${it}` }));
  return ask(internet.client, { ca: await trusted(), questions });
}

/** Declares the tests. */
export const httpTests = (rig: () => Rig): void =>
  describe("HTTP", () => {
    test(
      "is told to be HTTPS for good, once in every answer over HTTPS",
      async () => {
        const answers = await get(rig(), ...PATHS);
        // Node joins what comes twice.
        expect(answers.map(({ headers }) => headers[HSTS])).toEqual(PATHS.map(() => FOR_A_YEAR));
        expect(new Set(answers.map(({ status }) => status)).size).toBeGreaterThan(3);
      },
      2 * MINUTES,
    );

    test(
      "also where the edge has nobody to ask",
      async () => {
        const unit = (what: string) =>
          rig().node.run(["systemctl", what, "turnkey-api.service"], MINUTES);
        await unit("stop");
        try {
          const [answer] = await get(rig(), "/healthz");
          expect(answer).toMatchObject({ status: 503, headers: { [HSTS]: FOR_A_YEAR } });
          expect(answer?.body).toContain("No server is available");
        } finally {
          await unit("start");
        }
        await soon(async () => (await get(rig(), "/readyz"))[0]?.status === 200, {
          withinMs: 2 * MINUTES,
          otherwise: () => "the API is not back",
        });
      },
      5 * MINUTES,
    );

    test(
      "without TLS leads to HTTPS, but for what a certificate authority asks",
      async () => {
        const { host, internet } = rig();
        const questions = ["/", "/a?b=c", "/.well-known/acme-challenge/of-nobody"].map((it) => ({
          url: `http://${host}${it}`,
        }));
        const answers = await ask(internet.client, { questions });
        expect(answers.map(({ status, headers }) => [status, headers["location"]])).toEqual([
          [308, `https://${host}/`],
          [308, `https://${host}/a?b=c`],
          // Nobody answers challenges while nothing is ordered.
          [503, undefined],
        ]);
        for (const { headers } of answers) expect(headers).not.toHaveProperty(HSTS);
      },
      2 * MINUTES,
    );
  });
