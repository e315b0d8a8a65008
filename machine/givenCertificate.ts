/** A certificate of the user's own: read from its two files and checked before anything is deployed. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { types } from "node:util";
import { certificateProblems, type CertificateNames } from "./certificateProblems.ts";
import { type Parsed, parseChain, parseKey } from "./pem.ts";
import { rootOf } from "./rootOf.ts";
import { explainProblems, type SettingProblem, SettingsError } from "../settingsError.ts";

/** What the settings say of it: both files, or none. */
export interface CertificateSettings {
  readonly chainFile?: string | undefined;
  readonly keyFile?: string | undefined;
}

/** All PEM, without the comments that tools write between; the key is PKCS #8. */
export interface GivenCertificate {
  /** The leaf first. */
  readonly chainPem: string;
  readonly privateKeyPem: string;
  /** The CA that the chain leads to. */
  readonly caCertificatePem: string;
  readonly validUntil: Date;
}

export interface CertificateWishes {
  readonly names: CertificateNames;
  /** Where relative paths begin. */
  readonly folder: string;
  readonly now: Date;
}

/**
 * The pair that the settings name, undefined when they name none. Throws one SettingsError with
 * everything that is wrong with it: not readable, names missing, expired, another certificate's key,
 * a chain out of order or one that leads nowhere.
 */
export function givenCertificate(
  { chainFile, keyFile }: CertificateSettings,
  { names, folder, now }: CertificateWishes,
): GivenCertificate | undefined {
  if (chainFile === undefined || keyFile === undefined) return undefined;
  const problems: SettingProblem[] = [];
  const problem = (about: keyof CertificateSettings, file: string, wanted: string) =>
    void problems.push({ key: `certificate.${about}`, given: JSON.stringify(file), wanted });
  const read = <T>(
    about: keyof CertificateSettings,
    file: string,
    parse: (text: string) => Parsed<T>,
  ): T | undefined => {
    const parsed = readText(resolve(folder, file), parse);
    if ("found" in parsed) return parsed.found;
    problem(about, file, parsed.wanted);
    return undefined;
  };

  const chain = read("chainFile", chainFile, parseChain);
  const key = read("keyFile", keyFile, parseKey);
  if (chain && key) {
    const root = rootOf(chain);
    for (const { about, wanted } of certificateProblems({ chain, key, root, names, now }))
      problem(about, about === "chainFile" ? chainFile : keyFile, wanted);
    if (problems.length === 0 && root)
      return {
        chainPem: chain.map(String).join(""),
        privateKeyPem: key.export({ type: "pkcs8", format: "pem" }).toString(),
        caCertificatePem: root.toString(),
        validUntil: chain[0].validToDate,
      };
  }
  throw new SettingsError(explainProblems(problems));
}

function readText<T>(file: string, parse: (text: string) => Parsed<T>): Parsed<T> {
  try {
    return parse(readFileSync(file, "utf8"));
  } catch (error) {
    if (!types.isNativeError(error) || !("code" in error)) throw error;
    return { wanted: `a file that can be read (${String(error.code)})` };
  }
}
