import type { Field, Fields } from "../provider/kind.ts";
import type { ProviderSettings } from "../provider/functions.ts";
import type { Props } from "../provider/value.ts";
import { exampleAccount, partitionOf } from "./place.ts";
import type { Place } from "./place.ts";

const text: Field = { type: "string" };

/** The settings of an `aws.Provider` that a deployment of ours may have; credentials are not among them. */
const fields: Fields = {
  // Nothing can move to another region.
  region: { ...text, replaces: true },
  profile: text,
  allowedAccountIds: text,
  maxRetries: text,
  retryMode: text,
  skipCredentialsValidation: text,
  skipMetadataApiCheck: text,
  skipRegionValidation: text,
  skipRequestingAccountId: text,
};

/** Settings that tell where the provider works once they have arrived. */
export interface AwsSettings extends ProviderSettings {
  place(): Place;
}

/**
 * The provider's configuration. Without `region` the environment tells it, as it does the official
 * provider; the account is the first of `allowedAccountIds`, or the one of AWS's documentation.
 */
export function awsSettings(environment: NodeJS.ProcessEnv): AwsSettings {
  let place: Place | undefined;
  return {
    fields,
    configure: (settings) => {
      const region =
        textIn(settings, "region") ??
        environment["AWS_REGION"] ??
        environment["AWS_DEFAULT_REGION"];
      if (region === undefined) {
        throw new Error("region is not given; wanted one such as eu-central-1 - set aws:region");
      }
      const account = firstOf(textIn(settings, "allowedAccountIds")) ?? exampleAccount;
      place = { account, region, partition: partitionOf(region) };
    },
    place: () => {
      if (place === undefined) throw new Error("the provider is not configured yet");
      return place;
    },
  };
}

function textIn(settings: Props, name: string): string | undefined {
  const value = settings[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

function firstOf(json: string | undefined): string | undefined {
  const list: unknown = json === undefined ? [] : JSON.parse(json);
  const [first]: unknown[] = Array.isArray(list) ? list : [];
  return typeof first === "string" ? first : undefined;
}
