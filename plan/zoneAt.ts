import { SettingsError } from "../settingsError.ts";

/** The availability zone in that place of a region's, from 0. Throws a SettingsError where the region has too few. */
export function zoneAt(zones: readonly string[], place: number): string {
  const zone = zones[place];
  if (zone !== undefined) return zone;
  throw new SettingsError(
    `aws.region: given one with the availability zones [${zones.join(", ")}] for this account, wanted one with at least ${place + 1} - choose another region, or give aws.vpc.id and aws.vpc.subnetIds`,
  );
}
