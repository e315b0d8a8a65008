import * as z from "zod";
import { itemsOf, peek } from "../../known.ts";
import type { Finding, ResourceRule } from "../../rule.ts";
import { containersOf } from "../../subjects/containers.ts";
import { known, numberAt } from "../../subjects/seen.ts";
import { serversOf } from "../../subjects/turnServers.ts";

const Config = z.strictObject({
  /** A day, LiveKit's own limit from 1.13.6 on. */
  mostSeconds: z.int().min(1).default(86_400),
});

/** A credential cannot be taken back: it works until it expires, on every relay that it opened. */
export const credentialLifetime: ResourceRule<z.infer<typeof Config>> = {
  name: "turn-credential-lifetime",
  description: "TURN credentials live a day at most.",
  level: "mandatory",
  severity: "high",
  mirrors: [],
  config: Config,
  checkResource(resource, { mostSeconds }) {
    const servers = serversOf(resource).flatMap((server) => {
      if (server.engine !== "livekit") return [];
      const { place, part } = server;
      return [
        {
          input: `${place}: turn.ttl_seconds`,
          seconds: server.setting("turn", "ttl_seconds"),
          part,
        },
        ...itemsOf(peek(server.config, "rtc"), "turn_servers").map((it, index) => ({
          input: `${place}: rtc.turn_servers[${index}].ttl`,
          seconds: known(numberAt(it, "ttl")),
          part,
        })),
      ];
    });
    const apis = containersOf(resource).map(({ environment, inputs, part }) => ({
      input: `${inputs.environment} CREDENTIAL_TTL_SECONDS`,
      seconds: environment["CREDENTIAL_TTL_SECONDS"],
      part,
    }));
    return [...servers, ...apis].flatMap(({ input, seconds, part }): Finding[] =>
      seconds === undefined || Number(seconds) <= mostSeconds
        ? []
        : [
            {
              what: "hands out TURN credentials that live too long",
              seen: `${input} is ${seconds}`,
              mend: `set it to ${mostSeconds} or less`,
              ...(part === undefined ? {} : { part }),
            },
          ],
    );
  },
};
