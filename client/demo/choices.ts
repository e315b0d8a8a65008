/** What the page's address says of the call, so that a second tab can join the same one. */
export interface Choices {
  readonly room: string;
  /** `sfu`: through LiveKit. `direct`: from browser to browser. */
  readonly way: "sfu" | "direct";
  readonly relayOnly: boolean;
  /** Whether to join at once. */
  readonly join: boolean;
}

/** Reads the address's query; a room that is not named gets `fallbackRoom`. */
export function readChoices(query: string, fallbackRoom: string): Choices {
  const asked = new URLSearchParams(query);
  const room = asked
    .get("room")
    ?.replaceAll(/[^\w-]/g, "")
    .slice(0, 64);
  return {
    room: room || fallbackRoom,
    way: asked.get("way") === "direct" ? "direct" : "sfu",
    relayOnly: asked.get("relay") === "1",
    join: asked.get("join") === "1",
  };
}

/** The query that gives these choices again. The camera is none of them: only a click turns it on. */
export function writeChoices({ room, way, relayOnly, join }: Choices): string {
  const query = new URLSearchParams({ room });
  if (way === "direct") query.set("way", way);
  if (relayOnly) query.set("relay", "1");
  if (join) query.set("join", "1");
  return `?${query.toString()}`;
}
