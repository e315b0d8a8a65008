/** Rules for TURN: LiveKit with its embedded server, coturn, and the edge in front. */
import type { AnyRule } from "../../rule.ts";
import { allocationQuota } from "./allocationQuota.ts";
import { authentication } from "./authentication.ts";
import { credentialLifetime } from "./credentialLifetime.ts";
import { defaultKeys } from "./defaultKeys.ts";
import { edgeTls } from "./edgeTls.ts";
import { keysInFiles } from "./keysInFiles.ts";
import { metricsClosed } from "./metricsClosed.ts";
import { minimumVersions } from "./minimumVersions.ts";
import { nodeAddress } from "./nodeAddress.ts";
import { peerListsWellFormed } from "./peerListsWellFormed.ts";
import { rangesOpen } from "./rangesOpen.ts";
import { relayInsideMedia } from "./relayInsideMedia.ts";
import { relayRangeBounded } from "./relayRangeBounded.ts";
import { restrictedPeers } from "./restrictedPeers.ts";
import { secretLength } from "./secretLength.ts";
import { specialRangesDenied } from "./specialRangesDenied.ts";
import { turnTls } from "./turnTls.ts";

export const turnRules: readonly AnyRule[] = [
  specialRangesDenied,
  restrictedPeers,
  peerListsWellFormed,
  credentialLifetime,
  allocationQuota,
  relayRangeBounded,
  relayInsideMedia,
  rangesOpen,
  minimumVersions,
  authentication,
  defaultKeys,
  keysInFiles,
  secretLength,
  turnTls,
  edgeTls,
  nodeAddress,
  metricsClosed,
];
