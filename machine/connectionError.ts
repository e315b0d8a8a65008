import type { DockerEndpoint } from "./dockerHost.ts";
import { EngineError, type EngineErrorKind } from "./engineError.ts";

type Account = { kind: EngineErrorKind; what: string; mend: string };

/** Puts a failed connection to the engine into words: not there, not running, not allowed, no answer. */
export function connectionError(
  { url, source }: DockerEndpoint,
  error: Error,
  timeoutMs: number | undefined,
): EngineError {
  const where = `${url} (${source})`;
  const { kind, what, mend } = account(codeOf(error), where, timeoutMs);
  return new EngineError(kind, what, mend, { cause: error });
}

const codeOf = (error: Error) =>
  "code" in error && typeof error.code === "string" ? error.code : error.message;

function account(code: string, where: string, timeoutMs: number | undefined): Account {
  switch (code) {
    case "ENOENT":
      return {
        kind: "missing",
        what: `no Docker Engine is at ${where}`,
        mend: "install or start Docker, or set DOCKER_HOST to the engine you want",
      };
    case "ECONNREFUSED":
      return {
        kind: "refused",
        what: `the Docker Engine at ${where} is not running`,
        mend: "start it (`systemctl start docker`, or Docker Desktop)",
      };
    case "EACCES":
    case "EPERM":
      return {
        kind: "forbidden",
        what: `this user may not open the Docker socket ${where}`,
        mend: "join the docker group (`sudo usermod -aG docker $USER`) and log in again",
      };
    case "ETIMEDOUT":
      return {
        kind: "silent",
        what: `the Docker Engine at ${where} gave no answer${timeoutMs === undefined ? "" : ` in ${timeoutMs} ms`}`,
        mend: "look whether it hangs (`docker info`) and restart it",
      };
    default:
      return {
        kind: "unreachable",
        what: `the Docker Engine at ${where} cannot be reached: ${code}`,
        mend: "look at the address and at what listens there",
      };
  }
}
