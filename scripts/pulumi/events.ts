/** The events in Pulumi's log of an operation: one JSON object a line (apitype.EngineEvent). */
export const eventsIn = (eventLog: string): unknown[] =>
  eventLog
    .split("\n")
    .filter((line) => line !== "")
    .map((line): unknown => JSON.parse(line));
