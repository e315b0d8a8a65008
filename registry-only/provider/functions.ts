import type { Fields, KindTable } from "./kind.ts";
import type { Props } from "./value.ts";

/** A function of a provider (`Invoke`): what it takes and answers, with secrets marked. */
export interface ProviderFunction {
  readonly table: KindTable;
  /** `args` are checked; a thrown error fails the call with its message. */
  answer(args: Props): Props | Promise<Props>;
}

/** What a provider is configured with. */
export interface ProviderSettings {
  /** Everything but texts arrives as JSON in a text, as the SDKs send it. */
  readonly fields: Fields;
  /** Called once, before any resource; an error fails the update with its message. */
  configure(settings: Props): void;
}
