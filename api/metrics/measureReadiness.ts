import { Gauge, type Registry } from "prom-client";
import type { Readiness } from "../readiness/readiness.ts";

/** Adds the checks of `/readyz`, asked when the metrics are. */
export function measureReadiness(registry: Registry, readiness: Readiness): void {
  const gauge = new Gauge({
    name: "turnkey_api_check_ok",
    help: "1 when this check of /readyz passes, 0 when it fails",
    labelNames: ["check"],
    registers: [registry],
    async collect() {
      for (const [check, { ok }] of Object.entries(await readiness({ address: true })))
        gauge.set({ check }, ok ? 1 : 0);
    },
  });
}
