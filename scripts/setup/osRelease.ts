/** Which Linux this is, as /etc/os-release tells. */
import { readIfThere } from "../../machine/readIfThere.ts";

/** The text of /etc/os-release, empty where there is none. */
export const osRelease = (): string => readIfThere("/etc/os-release") ?? "";

/** The system's own name and those of the systems it is made of, such as `ubuntu` and `debian`. */
export function systemNames(text: string): string[] {
  const value = (key: string) =>
    new RegExp(`^${key}="?([^"\n]*)"?$`, "m").exec(text)?.[1]?.split(" ") ?? [];
  return [...value("ID"), ...value("ID_LIKE")];
}

/** Whether it is Debian, Ubuntu or made of them. */
export const isDebianLike = (text: string): boolean =>
  systemNames(text).some((name) => name === "debian" || name === "ubuntu");
