/**
 * The `__meta` of resources with time-outs: 20 minutes in nanoseconds, under the key that Terraform's
 * SDK keeps them in (terraform-plugin-sdk, helper/schema/resource_timeout.go).
 */
const timeouts = {
  "e2bfb730-ecaa-11e6-8f88-34363bc7c4c0": {
    create: 1_200_000_000_000,
    delete: 1_200_000_000_000,
    update: 1_200_000_000_000,
  },
};

/** What the official provider keeps in `__meta` for each kind. */
export const meta = {
  container: JSON.stringify({ ...timeouts, schema_version: "2" }),
  image: JSON.stringify(timeouts),
  network: JSON.stringify({ schema_version: "1" }),
  volume: JSON.stringify({ schema_version: "1" }),
};
