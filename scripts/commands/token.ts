import { signApiToken } from "../../turn/apiToken.ts";
import { deployedOutputs } from "../pulumi/stackState.ts";
import { withStack, type StackOptions } from "./withStack.ts";

export interface TokenOptions extends StackOptions {
  readonly user: string;
  /** In seconds. */
  readonly ttl: number;
}

/** `npm run -s token -- --user NAME`: the API token of a user, alone on stdout. */
export const token = ({ user, ttl, ...options }: TokenOptions): Promise<number> =>
  withStack(options, async (stack) => {
    const { apiJwtSecret } = await deployedOutputs(stack);
    console.log(
      await signApiToken(apiJwtSecret, { subject: user, ttlSeconds: ttl, now: new Date() }),
    );
    return 0;
  });
