/** The policy pack as the Pulumi CLI runs it; importing this file starts a server. */
import { flushCompileCache } from "node:module";
import { PolicyPack } from "@pulumi/policy";
import { ourExceptions } from "./ourExceptions.ts";
import { policiesOf } from "./policies.ts";
import { rules } from "./rules/index.ts";

new PolicyPack("turnkey", {
  description: "TURN servers and the machines around them, safe to expose",
  policies: policiesOf(rules, {
    exceptions: ourExceptions,
    tell: (line) => process.stderr.write(`${line}\n`),
  }),
});

// The engine ends a pack by a signal, and Node keeps what it compiled only at an end of its own.
flushCompileCache();
