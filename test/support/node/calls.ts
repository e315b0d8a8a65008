/** What a user on the internet gets of a node: answers of its API, and a place in a call. */
import { signApiToken } from "../../../turn/apiToken.ts";
import { RoomTokenResponse } from "../../../turn/roomToken.ts";
import { awsValues } from "../plans.ts";
import { joinRoom, type RoomMember } from "../roomMember.ts";
import { type Answer, ask, type Question } from "./ask.ts";
import type { Rig } from "./rig.ts";
import { soon } from "./soon.ts";

type Reached = Pick<Rig, "internet" | "host" | "trusted">;

const LIMIT_MS = 20_000;
const PATIENCE_MS = 60_000;
/** The API's answer while this machine has too much to do (api/limits/shedLoad.ts). */
const SHED = "too much to do at once";

/**
 * The API's answer to a signed-in user, once it is not too busy for one. Throws when there is none within 20 s, and
 * what it says when it is busy for a minute.
 */
export async function askAs(
  rig: Reached,
  subject: string,
  { url: path, ...question }: Question,
): Promise<Answer> {
  const life = { ttlSeconds: 600, now: new Date() };
  const token = await signApiToken(awsValues.api.signIn.secret, { subject, ...life });
  const headers = { authorization: `Bearer ${token}`, ...question.headers };
  const questions = [{ ...question, url: `https://${rig.host}${path}`, headers }];
  const asked = { ca: await rig.trusted(), limitMs: LIMIT_MS, questions };
  let answer: Answer | undefined;
  await soon(
    async () => {
      [answer] = await ask(rig.internet.client, asked);
      return answer?.body.includes(SHED) === false;
    },
    { withinMs: PATIENCE_MS, otherwise: () => `${path} answers ${answer?.body}` },
  );
  if (answer === undefined) throw new Error(`${path} was not asked`);
  return answer;
}

/** What the API answers who wants into a room. */
export const askForRoom = (rig: Reached, subject: string, room: string): Promise<Answer> =>
  askAs(rig, subject, {
    url: "/api/livekit/token",
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ room_name: room }),
  });

/** Joins a room by the API's token. Throws what hindered it. */
export async function joinCall(rig: Reached, subject: string, room: string): Promise<RoomMember> {
  const { status, body } = await askForRoom(rig, subject, room);
  if (status !== 201) throw new Error(`${subject} gets no token: ${status} ${body}`);
  const { server_url, participant_token } = RoomTokenResponse.parse(JSON.parse(body));
  const there = { namespace: rig.internet.client, ca: await rig.trusted() };
  return joinRoom(server_url, participant_token, there);
}
