/** The plan whose services are measured: production's, at an address of the benchmark's. */
import { parseSettings } from "../../config.ts";
import { readLocalImages } from "../../machine/localImages.ts";
import { makePlan } from "../../plan/makePlan.ts";
import type { Plan } from "../../plan/plan.ts";
import { DOMAIN, SERVER } from "./places.ts";

/** Of the node's own network, whose addresses nobody has here. */
export const VPC = "10.77.0.0/24";

/** Makes it, of the images of this machine where it has some. */
export function benchPlan(): Plan {
  const settings = parseSettings({
    target: "aws",
    aws: { region: "eu-central-1", vpc: { cidr: VPC } },
    api: { signIn: { kind: "jwt", secret: "of nobody, as no API runs here at all" } },
    turn: { domain: DOMAIN },
  });
  return makePlan(
    settings,
    { nodeAddress: SERVER.livekit, network: "host", localImages: readLocalImages() },
    "bench-relay",
  );
}
