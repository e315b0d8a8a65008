/** What an estimate assumes where settings say nothing: each stands in the output beside its sum. */

/** Hours of a month as AWS's own calculator counts them: 8760 / 12. */
export const HOURS_PER_MONTH = 730;
/** Lines of LiveKit, edge and API in a month: some hundred bytes a connection and a request. */
export const LOG_GB_PER_MONTH = 1;
/** The API's images in the repository: they share one base, and a lifecycle rule ends old ones. */
export const IMAGE_GB = 1;
/** GB out that AWS gives an account for nothing each month, over all its services and regions. */
export const FREE_OUT_GB_PER_MONTH = 100;
/** A video call of two through the relay: what each of them receives, sound included. */
export const CALL = { people: 2, mbitPerSecond: 1.5 } as const;

const SECONDS_PER_HOUR = 3_600;
/** AWS's GB. */
const BYTES_PER_GB = 2 ** 30;

/** What leaves the relay in an hour of that call: one stream to each; what comes in is free. */
export const CALL_GB_PER_HOUR =
  (CALL.people * CALL.mbitPerSecond * 1e6 * SECONDS_PER_HOUR) / 8 / BYTES_PER_GB;
