/** What LiveKit learnt when: its releases that verify has to tell apart. */
export const FIRST_WITH_QUOTA = "1.13.6";
/** Refuses TCP relays, and drops what a relay sends to its own node outside the media ports. */
export const FIRST_WITH_RELAY_POLICY = "1.13.10";

/** Whether a version is that one or a later one; undefined when the version is not known. */
export const isSince = (first: string, version: string | undefined): boolean | undefined =>
  version === undefined ? undefined : version.localeCompare(first, "en", { numeric: true }) >= 0;
