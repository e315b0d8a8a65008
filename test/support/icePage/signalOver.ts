import type { Signal, Signalling } from "../../../examples/client/negotiate.ts";

type Message = { readonly hello: "first" | "back" } | { readonly signal: Signal };

/** Between two pages of one browser. What one of them says before the other is there is kept for it. */
export function signalOver(name: string): Signalling {
  const channel = new BroadcastChannel(name);
  // oxlint-disable-next-line require-post-message-target-origin -- that is for windows
  const post = (message: Message) => channel.postMessage(message);
  let kept: Signal[] | undefined = [];
  return {
    send: (signal) => (kept ? void kept.push(signal) : post({ signal })),
    // Who does not listen yet is not there.
    listen: (hear) => {
      channel.addEventListener("message", ({ data }: MessageEvent<Message>) => {
        if ("signal" in data) return hear(data.signal);
        if (data.hello === "first") post({ hello: "back" });
        for (const signal of kept ?? []) post({ signal });
        kept = undefined;
      });
      post({ hello: "first" });
    },
  };
}
