/** Who has which address: all look public, as a relay refuses the others. */

/** The machine of all clients. */
export const CLIENT = { address: "18.184.2.10", gateway: "18.184.2.1" } as const;

/** The machine of all peers. */
export const PEER = { address: "18.184.3.10", gateway: "18.184.3.1" } as const;

/** Each server's, in the namespace between the other two. */
export const SERVER = {
  livekit: "18.184.1.2",
  ownTls: "18.184.1.3",
  plainTls: "18.184.1.4",
  coturn: "18.184.1.5",
} as const;

/** The name in the certificate of all of them. */
export const DOMAIN = "turn.example.com";

/** The processor that servers run on, and the one that load comes from. */
export const SERVER_CORE = 0;
export const GENERATOR_CORE = 1;
