/** What is wrong with a certificate, seen from the clients that get it. */
import type { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { problem, warning, type Finding } from "./finding.ts";

const DAY_MS = 86_400_000;

/** An update renews leaves in their last 30 days. */
const RENEWED_DAYS = 30;

const day = (date: Date) => date.toISOString().slice(0, 10);

/** Faults of its time alone; `mend` is what makes a new one. */
export function timeFaults(
  what: string,
  certificate: X509Certificate,
  now: Date,
  mend: string,
): Finding[] {
  const [from, to] = [new Date(certificate.validFrom), new Date(certificate.validTo)];
  if (now < from)
    return [
      problem(
        `${what} is valid only from ${from.toISOString()} on: this machine's clock is behind`,
        "set the clock (timedatectl set-ntp true)",
      ),
    ];
  if (now > to) return [problem(`${what} expired on ${day(to)}`, mend)];
  const days = Math.floor((to.getTime() - now.getTime()) / DAY_MS);
  return days < RENEWED_DAYS
    ? [warning(`${what} expires in ${days} days, on ${day(to)}`, mend)]
    : [];
}

/** The names that it does not cover. */
export const uncovered = (certificate: X509Certificate, names: readonly string[]): string[] =>
  names.filter(
    (name) =>
      (isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name)) === undefined,
  );
