/** The Docker Engine: whether it answers, what it is, and what that means for the stack's network. */
import { EngineError } from "../../../machine/engineError.ts";
import { engineInfo } from "../../../machine/engineInfo.ts";
import { engineKind, type EngineKind } from "../../../machine/engineKind.ts";
import { look } from "../../../machine/look.ts";
import type { Check } from "../check.ts";
import { ok, problem, warning, type Finding } from "../finding.ts";

const means: Readonly<Record<EngineKind, string>> = {
  native: "native, so stacks can share this machine's network",
  desktop: "Docker Desktop, so ports are published one by one (bridge)",
  rootless: "rootless, so ports are published one by one (bridge)",
  wsl: "inside WSL, so ports are published one by one (bridge)",
};

/** Copies every layer whole: each container costs the size of its image. */
const SLOW_DRIVER = "vfs";

export const engine: Check = {
  async run(context) {
    try {
      const it = await context.engine();
      const [info, raw, version] = await Promise.all([
        engineInfo(it),
        it.json("GET", "/info"),
        it.json("GET", "/version"),
      ]);
      const driver = look(raw).text("Driver");
      const { url, source } = it.endpoint;
      return [
        ok(
          `Docker Engine ${info.version} at ${url} (${source}), API ${look(version).text("ApiVersion")}, storage ${driver}, ${means[engineKind(info)]}`,
        ),
        ...wrong(info.osType, driver),
      ];
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      const mend = error.mend || "look whether the engine is well: docker info";
      return [
        problem(
          error.what,
          `${mend}\nwhere the engine is this machine's own, npm run up offers to do it`,
        ),
      ];
    }
  },
};

const wrong = (osType: string, driver: string): Finding[] => [
  ...(osType === "linux"
    ? []
    : [problem(`the engine runs ${osType} containers`, "switch it to Linux containers")]),
  ...(driver === SLOW_DRIVER
    ? [
        warning(
          "the engine stores images with vfs, which copies each whole and is slow",
          "give /var/lib/docker a file system that overlay2 works on, such as ext4",
        ),
      ]
    : []),
];
