import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { policyReference } from "../policy/reference.ts";
import { settingsReference } from "./settingsReference.ts";

const DOCS = join(import.meta.dirname, "..", "docs");

writeFileSync(join(DOCS, "settings.md"), settingsReference());
writeFileSync(join(DOCS, "policies.md"), policyReference());
