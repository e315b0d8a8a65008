import { describePath } from "../../pages/describePath.ts";
import type { Attempt, RelayProof } from "../measured.ts";
import { describeMs, describeThroughput, lossPercent, megabits } from "../numbers.ts";
import type { Finding } from "./finding.ts";

/** ITU-T G.114: above 150 ms each way people notice in a conversation. */
const SLOW_ROUND_TRIP_MS = 300;
/** Sound conceals single lost packets; at a few in a hundred both sound and picture suffer. */
const MUCH_LOSS_PERCENT = 3;
/** What one picture of 1280x720 takes. */
const LITTLE_MEGABITS = 1.5;

/** What the relay carries, and how well. */
export function proof(relay: Attempt<RelayProof>): Finding[] {
  if (relay.state === "skipped") return [];
  if (relay.state === "failed")
    return [
      {
        id: "relay-carries-nothing",
        level: "bad",
        title: "The relay carries nothing",
        text: `It gave addresses, but ${relay.stage} failed: ${relay.why}.`,
        mend: "Tell whoever runs the server: relays must reach each other (`npm run verify` shows it there).",
      },
    ];
  const { path, probes, transfer } = relay.result;
  const loss = lossPercent(probes);
  const rate = megabits(transfer);
  if (!transfer.intact)
    return [
      {
        id: "file-damaged",
        level: "bad",
        title: "What came over the relay is not what was sent",
        text: "Bytes of the file changed on the way, which encryption rules out: this is a fault.",
        mend: "Send the report below to whoever runs the server.",
      },
    ];
  return [
    {
      id: "relay-carries",
      level: "good",
      title: "The relay carries data",
      text: `${describeThroughput(transfer)}${path ? `, ${describePath(path)}` : ""}.`,
    },
    ...when(rate < LITTLE_MEGABITS, {
      id: "slow",
      level: "warning",
      title: "The line is slow",
      text: `The relay carried ${rate.toFixed(1)} Mbit/s both ways at once; a good picture takes ${LITTLE_MEGABITS}.`,
      mend: "Stop downloads and other calls, come closer to the Wi-Fi, or turn the camera off.",
    }),
    ...when(loss >= MUCH_LOSS_PERCENT, {
      id: "lossy",
      level: "warning",
      title: "Packets get lost",
      text: `${loss.toFixed(1)} of 100 small packets did not come back; sound and picture suffer.`,
      mend: "Use a cable, or come closer to the Wi-Fi.",
    }),
    ...when((probes.medianMs ?? 0) >= SLOW_ROUND_TRIP_MS, {
      id: "far",
      level: "warning",
      title: "Answers take long",
      text: `To the relay and back takes ${describeMs(probes.medianMs)}; people will talk into each other's words.`,
      mend: "Try without VPN; else a relay closer by would help.",
    }),
  ];
}

const when = (holds: boolean, finding: Finding): Finding[] => (holds ? [finding] : []);
