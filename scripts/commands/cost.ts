/** `npm run cost`: what a stack costs on AWS in a month, told from its settings and a table of prices. */
import { costInput } from "../cost/costInput.ts";
import { costText } from "../cost/costText.ts";
import { estimate } from "../cost/estimate.ts";
import { readPriceTable } from "../cost/priceTable.ts";
import { settingsOf } from "./stackSettings.ts";
import type { StackOptions } from "./withStack.ts";

export interface CostOptions extends StackOptions {
  /** GB out of the node in a month. Default: aws.alarms.networkOutGbPerMonth. */
  readonly relayedGb?: number;
  readonly json: boolean;
}

/**
 * Asks neither AWS nor the Pulumi CLI. Gives 0 also where a price is missing, as the sums say so; throws
 * a UserError where the settings are wrong.
 */
export function cost({ stack, relayedGb, json }: CostOptions): number {
  const settings = settingsOf(stack);
  if (settings.target === "docker") {
    const nothing = { stack, target: settings.target, lines: [], totalUsd: 0 };
    console.log(
      json ? JSON.stringify(nothing) : `stack ${stack} runs on this machine: AWS bills nothing`,
    );
    return 0;
  }
  const input = costInput(settings, relayedGb);
  const result = estimate(input, readPriceTable());
  console.log(
    json
      ? JSON.stringify({ stack, target: settings.target, ...input, ...result }, undefined, 2)
      : costText(stack, input, result),
  );
  return 0;
}
