/** A session as an app has it, of a user who is signed in. */
import { isSession, type Session } from "../../../client/pages/session.ts";

const PAUSE_MS = 2_000;

/** Asks the API of the page's origin for a room's token and for ICE servers, again while it has too much to do. Throws where it gives none. */
export async function openUserSession(room: string, token: string): Promise<Session> {
  const ask = async (path: string, body?: object, tries = 20): Promise<unknown> => {
    const answer = await fetch(path, {
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body && { method: "POST", body: JSON.stringify(body) }),
    });
    if (answer.status !== 503 || tries === 0) return answer.json();
    await new Promise((resume) => void setTimeout(resume, PAUSE_MS));
    return ask(path, body, tries - 1);
  };
  const session = {
    user: "",
    livekit: await ask("/api/livekit/token", { room_name: room }),
    ice: await ask("/api/livekit/ice-config"),
  };
  if (isSession(session)) return session;
  throw new Error(`the API gives no session: ${JSON.stringify(session)}`);
}
