import type { IceConfiguration } from "./configuration.ts";
import type { Failure, FailureReason } from "./failure.ts";

/**
 * What a client tells: `fresh`, the API gave an answer; `failed`, it gave none and is asked again after
 * `retryInMs`; `fallback`, what `current` gives is no longer the API's latest answer.
 */
export type IceConfigEvent =
  | { readonly type: "fresh"; readonly configuration: IceConfiguration }
  | ({ readonly type: "failed"; readonly retryInMs: number } & Failure)
  | {
      readonly type: "fallback";
      readonly configuration: IceConfiguration;
      readonly reason: FailureReason;
    };
