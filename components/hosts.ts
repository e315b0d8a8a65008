/** The targets that can be deployed to: each is loaded only where it is wanted. */
import type { Settings } from "../config.ts";
import type { Host, HostArgs } from "./host.ts";

/** Declares the host of the settings' target. */
export async function declareHost(name: string, settings: Settings, args: HostArgs): Promise<Host> {
  if (settings.target === "docker") {
    const { DockerHost } = await import("./dockerHost.ts");
    return new DockerHost(name, args);
  }
  const [{ Ec2Host }, { getCallerIdentity, getPartition, Provider }] = await Promise.all([
    import("./aws/ec2Host.ts"),
    import("@pulumi/aws"),
  ]);
  const { region } = settings.aws;
  const aws = new Provider("aws", { region });
  const [{ accountId }, { partition }] = await Promise.all([
    getCallerIdentity({}, { provider: aws }),
    getPartition({}, { provider: aws }),
  ]);
  const place = { region, accountId, partition };
  return new Ec2Host(name, { ...args, settings, place }, { providers: { aws } });
}
