import type { NetworkInterfaceInfo } from "node:os";

/** As `os.networkInterfaces` gives them: those that are up and connected, by name. */
export type Interfaces = Readonly<
  Record<string, readonly Pick<NetworkInterfaceInfo, "internal" | "family">[] | undefined>
>;

/**
 * Whether a WebRTC client on this machine gathers anything: libwebrtc leaves loopback out
 * (rtc_base/network.cc, BasicNetworkManager), and the relay has IPv4 addresses only.
 */
export const hasNetwork = (interfaces: Interfaces): boolean =>
  Object.values(interfaces)
    .flatMap((it) => it ?? [])
    .some(({ internal, family }) => !internal && family === "IPv4");
