import { isEveryAddress, portList } from "../../subjects/publishedPorts.ts";
import { cisDocker, containerRule } from "./containerRule.ts";

/** Docker opens a published port on every interface unless told, past most firewalls of the machine. */
export const portsOnOneInterface = containerRule({
  name: "container-ports-on-one-interface",
  description: "A container's ports are published on one address of the machine.",
  severity: "high",
  mirrors: [cisDocker("5.14")],
  reads: ["ports"],
  judges: "running",
  check({ ports, publishesAll, inputs }) {
    const open = ports.filter(isEveryAddress);
    return [
      ...(publishesAll === true
        ? [
            {
              what: "publishes every port of its image",
              seen: "publishAllPorts is true",
              mend: `name the ports in ${inputs.ports}, each with an ip`,
            },
          ]
        : []),
      ...(open.length > 0
        ? [
            {
              what: "publishes ports on every interface of the machine",
              seen: `${inputs.ports} ${portList(open)} have no ip of one interface`,
              mend: `set ip of each of ${inputs.ports} to the address that clients use`,
            },
          ]
        : []),
    ];
  },
});
