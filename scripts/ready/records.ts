import { recordLine } from "../../plan/dnsRecords.ts";
import { columns } from "../commands/columns.ts";
import type { WrongName } from "./readyAnswer.ts";

/** The records that are waited for, as a zone file has them (RFC 1035 section 5.1), and what is there now. */
export const recordsText = (wrong: readonly WrongName[], address: string): string =>
  [
    "waiting for these DNS records; add them at whoever serves the domain:",
    columns(
      wrong.map(({ name, found }) => [
        `  ${recordLine(name, address)}`,
        found.length > 0
          ? `(leads to ${found.join(", ")} now)`
          : "(not found; resolvers may remember that for some minutes)",
      ]),
    ),
  ].join("\n");
