import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { settingsReference } from "./settingsReference.ts";

writeFileSync(join(import.meta.dirname, "..", "docs", "settings.md"), settingsReference());
