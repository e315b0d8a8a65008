import { isSession, refusal, type Session } from "../pages/session.ts";

/** Asks the API for a session in a room. Throws what the API says when it refuses. */
export async function openSession(room: string): Promise<Session> {
  const answer = await fetch("/demo/join", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ room }),
  });
  const body: unknown = await answer.json();
  if (isSession(body)) return body;
  throw new Error(refusal(body, answer.statusText));
}
