import { signApiToken } from "../../turn/apiToken.ts";
import { deployedOutputs } from "../pulumi/stackState.ts";
import { UserError } from "../userError.ts";
import { withStack, type StackOptions } from "./withStack.ts";

export interface TokenOptions extends StackOptions {
  readonly user: string;
  /** In seconds. */
  readonly ttl: number;
}

/** `npm run -s token -- --user NAME`: the API token of a user, alone on stdout. */
export const token = ({ user, ttl, ...options }: TokenOptions): Promise<number> =>
  withStack(options, async (stack) => {
    const { apiJwtSecret, signIn } = await deployedOutputs(stack);
    if (apiJwtSecret === undefined || signIn.kind !== "jwt")
      throw new UserError(
        `no token can be signed here: the application signs users in (api.signIn.kind is ${signIn.kind})`,
        ["ask as one of its users", "or set api.signIn.kind to jwt and deploy: npm run up"],
      );
    const claims = { subject: user, ttlSeconds: ttl, now: new Date() };
    console.log(await signApiToken(apiJwtSecret, claims, signIn));
    return 0;
  });
