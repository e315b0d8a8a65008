/** The border of the program: reads once, as plain data, what the plan must know of this machine. */
import * as pulumi from "@pulumi/pulumi";
import type { EngineKind, Machine } from "../plan/machine.ts";
import { connectEngine } from "./dockerEngine.ts";
import { EngineError } from "./engineError.ts";
import { engineInfo, type EngineInfo } from "./engineInfo.ts";
import { readLocalImages } from "./localImages.ts";

/** The loopback address: a stack on a laptop serves the laptop. */
const LOOPBACK = "127.0.0.1";

/** What kind of engine `docker info` describes. */
export function engineKind({
  operatingSystem,
  rootless,
  kernelVersion,
}: Pick<EngineInfo, "operatingSystem" | "rootless" | "kernelVersion">): EngineKind {
  if (operatingSystem === "Docker Desktop") return "desktop";
  if (rootless) return "rootless";
  return kernelVersion.includes("microsoft") ? "wsl" : "native";
}

/** This machine. Throws a RunError when no Docker Engine answers. */
export async function readMachine(): Promise<Machine> {
  try {
    const info = await engineInfo(connectEngine());
    return {
      engine: engineKind(info),
      nodeAddress: LOOPBACK,
      localImages: readLocalImages(),
    };
  } catch (error) {
    if (error instanceof EngineError) throw new pulumi.RunError(error.message, { cause: error });
    throw error;
  }
}
