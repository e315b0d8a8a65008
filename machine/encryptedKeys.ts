import * as z from "zod";

const Keys = z.array(z.string());

/**
 * Whether the stack's file has a setting encrypted, by its key without `turnkey:`. Pulumi hands every program
 * the names of those (cmd/pulumi-language-nodejs, PULUMI_CONFIG_SECRET_KEYS).
 */
export const isEncryptedKey = (key: string): boolean =>
  Keys.parse(JSON.parse(process.env["PULUMI_CONFIG_SECRET_KEYS"] || "[]")).includes(
    `turnkey:${key}`,
  );
