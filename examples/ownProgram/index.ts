/**
 * Turnkey's parts in a Pulumi program of one's own: a media backend, and an application beside it that
 * gets LiveKit's URL and key. Settings come from code here; `parseSettings` checks them as it does a
 * stack's file, and every default is the same.
 */
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { writeBundles } from "../../api/bundle.ts";
import { DockerHost } from "../../components/dockerHost.ts";
import { Keys } from "../../components/keys.ts";
import { servedCertificate } from "../../components/servedCertificate.ts";
import { parseSettings } from "../../config.ts";
import { readMachine } from "../../machine/readMachine.ts";
import { makePlan } from "../../plan/makePlan.ts";

export default async function ownProgram() {
  const settings = parseSettings({
    target: "docker",
    livekit: { port: 17_880, metricsPort: 16_789 },
    rtc: { tcpPort: 17_881, mediaPorts: { from: 51_300, to: 51_340 } },
    turn: { udpPort: 13_478, tlsPort: 15_349, credentialTtlSeconds: 3_600 },
    edge: { httpsPort: 17_443, turnPort: 15_350, metricsPort: 18_404 },
    api: { port: 17_890, metricsPort: 17_891 },
  });
  const machine = await readMachine({ lan: undefined });
  const plan = makePlan(settings, machine, pulumi.getStack());

  const keys = new Keys("keys", {
    generations: plan.keyGenerations,
    signIn: settings.api.signIn,
    iceSources: settings.api.iceSources,
  });
  const certificate = await servedCertificate("turn", {
    names: plan.certificateNames,
    given: undefined,
    now: new Date(),
  });
  const media = new DockerHost("media", {
    plan,
    late: { ...keys.files, ...certificate.files },
    bundles: await writeBundles(".turnkey"),
  });

  // The application: any image will do. Its secret comes as a file, as environment is for all to read.
  const app = new docker.Container(
    "app",
    {
      name: `own-program-${plan.stack}`,
      image: settings.api.image ?? plan.services.find((it) => it.name === "api")?.image ?? "node",
      command: ["node", "-e", "setInterval(() => {}, 60_000)"],
      envs: [`LIVEKIT_URL=${plan.livekitUrl}`, "LIVEKIT_KEY_FILE=/run/livekit-key.json"],
      uploads: [
        { file: "/run/livekit-key.json", content: keys.files.roomKey, permissions: "0400" },
      ],
    },
    { dependsOn: media },
  );

  return { livekitUrl: plan.livekitUrl, apiUrl: plan.apiUrl, app: app.name };
}
