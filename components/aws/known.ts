import type { Output } from "@pulumi/pulumi";

/** What an output comes to, for hooks: at update everything that a resource depends on is known. */
export const known = <T>(output: Output<T>): Promise<T> =>
  new Promise((resolve) => {
    output.apply(resolve);
  });
