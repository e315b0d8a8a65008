import { flushCompileCache } from "node:module";
import "./pack.ts";

// The engine kills packs, and what was compiled would not be kept.
flushCompileCache();
