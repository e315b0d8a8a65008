import type { Session } from "../pages/session.ts";

/** A text, such as a library's error, without anything of the session that lets somebody in. */
export function withoutSecrets(text: string, { livekit, ice }: Session): string {
  const secrets = [
    livekit.participant_token,
    ...ice.iceServers.flatMap(({ username = "", credential = "" }) => [username, credential]),
  ];
  return secrets
    .filter((it) => it !== "")
    .flatMap((it) => [it, encodeURIComponent(it)])
    .reduce((left, secret) => left.replaceAll(secret, "[secret]"), text);
}
