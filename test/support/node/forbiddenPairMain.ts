/** Passes packets between the relays of the task on standard input. */
import { json } from "node:stream/consumers";
import * as z from "zod";
import { exchange } from "../../../verify/exchange.ts";
import { parseIceUrl } from "../../../verify/iceUrl.ts";
import { openRelay } from "../../../verify/relay.ts";

const PairTask = z.strictObject({
  urls: z.tuple([z.string(), z.string()]),
  ca: z.string(),
  credential: z.strictObject({ username: z.string(), credential: z.string() }),
});
export type PairTask = z.infer<typeof PairTask>;

const LIMIT_MS = 30_000;

const { urls, ca, credential } = PairTask.parse(await json(process.stdin));
const signal = AbortSignal.timeout(LIMIT_MS);
const open = (url: string) => openRelay(parseIceUrl(url), { ca, credential, signal });
const [one, other] = await Promise.all([open(urls[0]), open(urls[1])]);
await one.client.permit(other.address);
await other.client.permit(one.address);
await exchange({
  ends: [one.client.endTowards(other.address), other.client.endTowards(one.address)],
  names: ["one relay", "the other"],
  tag: "pair",
  signal,
});
await Promise.all([one.client.close(), other.client.close()]);
