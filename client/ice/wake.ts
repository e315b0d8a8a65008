/** What browsers tell when a page or its network comes back; the machine's sleep itself is not told. */
const pageEvents = ["online", "pageshow"];
const documentEvents = ["visibilitychange", "resume"];

/** Calls `listener` when a page may have been away, until the answer is called. Does nothing in Node. */
export function onWake(listener: () => void): () => void {
  const all = [...heard("self", pageEvents), ...heard("document", documentEvents)];
  for (const { target, event } of all) target.addEventListener(event, listener);
  return () => {
    for (const { target, event } of all) target.removeEventListener(event, listener);
  };
}

function heard(name: "self" | "document", events: readonly string[]) {
  const target: unknown = Reflect.get(globalThis, name);
  return target instanceof EventTarget ? events.map((event) => ({ target, event })) : [];
}
