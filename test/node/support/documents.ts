/** Node documents for tests: what prod's settings make, with the scripts that apply it. */
import { nodeScripts } from "../../../machine/agentScript.ts";
import { renderNodeDocument } from "../../../plan/renderNodeDocument.ts";
import type { DocumentService, NodeDocument } from "../../../plan/nodeDocument.ts";
import type { LateName } from "../../../plan/plan.ts";
import { prodPlan } from "../../support/plans.ts";

export const ADDRESS = "18.184.1.2";
export const API_IMAGE =
  "123456789012.dkr.ecr.eu-central-1.amazonaws.com/turnkey/prod/api@sha256:0123";

/** What the node gets as secrets, and what is in each: unlike anything else. */
export const SECRETS: Readonly<Partial<Record<LateName, string>>> = {
  livekitKeys: "key: CANARY-livekit-keys-of-32-letters",
  roomKey: "CANARY-room-key",
  turnKey: "CANARY-turn-key",
  signIn: "CANARY-sign-in",
  iceSources: "CANARY-ice-sources",
  verifierKey: "CANARY-verifier-key",
  userIdKey: "CANARY-user-id-key",
};

export const LATE = {
  "node-address": ADDRESS,
  "api-image": API_IMAGE,
  secrets: Object.keys(SECRETS)
    .map((it) => `${it}=3`)
    .join(","),
} as const;

/** The document of these settings, without an order of a certificate; services run as the user of the test, who may give files away only as root. */
export function testDocument(settings: Readonly<Record<string, object>>): NodeDocument {
  const secrets = new Set(Object.keys(SECRETS));
  const { acme: _, ...document } = renderNodeDocument(prodPlan(settings), secrets, nodeScripts());
  const uid = process.getuid?.() ?? 0;
  const user = `${uid}:${process.getgid?.() ?? 0}`;
  const services = uid === 0 ? document.services : document.services.map((it) => ({ ...it, user }));
  return { ...document, services };
}

/** The document with one service changed. */
export const withService = (
  document: NodeDocument,
  name: DocumentService["name"],
  change: (service: DocumentService) => DocumentService,
): NodeDocument => ({
  ...document,
  services: document.services.map((it) => (it.name === name ? change(it) : it)),
});
