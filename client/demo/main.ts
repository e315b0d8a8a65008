/** The demo page: reads what is chosen, runs one call at a time, shows what comes of it. */
import type { Call, StartCall } from "./call.ts";
import { readChoices, writeChoices } from "./choices.ts";
import { callDirectly } from "./direct.ts";
import { element } from "../pages/elements.ts";
import { cameraPicture, generatedPicture, type Picture } from "./picture.ts";
import { openSession } from "./session.ts";
import { pathBoard } from "./showPaths.ts";
import { callThroughLivekit } from "./throughLivekit.ts";

const MEASURE_EVERY_MS = 1_000;

const form = element("call", HTMLFormElement);
const before = element("before", HTMLFieldSetElement);
const input = (id: string) => element(id, HTMLInputElement);
const [room, direct, relay] = [input("room"), input("direct"), input("relay")];
const [camera, generated] = [input("camera"), input("generated")];
const [join, leave] = [element("join", HTMLButtonElement), element("leave", HTMLButtonElement)];
const second = element("second", HTMLAnchorElement);
const [own, theirs] = [element("own", HTMLVideoElement), element("theirs", HTMLVideoElement)];
const [status, problem] = [element("status", HTMLElement), element("problem", HTMLElement)];
const paths = element("paths", HTMLElement);

const ways = { sfu: callThroughLivekit, direct: callDirectly } satisfies Record<string, StartCall>;

let picture: Picture | undefined;
let running: { readonly call: Call; readonly timer: number } | undefined;

const tell = (text: string) => {
  status.textContent = text;
};
const complain = (error: unknown) => {
  problem.textContent = error instanceof Error ? error.message : String(error);
};

/** What is chosen now. */
const choices = () => ({
  room: room.value,
  way: direct.checked ? ("direct" as const) : ("sfu" as const),
  relayOnly: relay.checked,
});

function keepInAddress(): void {
  history.replaceState(null, "", writeChoices({ ...choices(), join: false }));
  second.href = writeChoices({ ...choices(), join: true });
}

/** Takes the camera or the generated picture, whichever is chosen; without a camera the latter. */
async function choosePicture(): Promise<Picture> {
  problem.textContent = "";
  let next: Picture | undefined;
  if (camera.checked)
    try {
      next = await cameraPicture();
    } catch (error) {
      complain(error);
      generated.checked = true;
    }
  next ??= generatedPicture(room.value);
  await running?.call.show(next.track);
  picture?.stop();
  picture = next;
  own.srcObject = new MediaStream([next.track]);
  return next;
}

async function start(): Promise<void> {
  const { way, relayOnly } = choices();
  const isLive = picture?.track.readyState === "live";
  const { track } = picture && isLive ? picture : await choosePicture();
  problem.textContent = "";
  tell("joining");
  const call = await ways[way]({
    session: await openSession(room.value),
    track,
    relayOnly,
    events: {
      picture: (stream) => {
        theirs.srcObject = stream ?? null;
      },
      status: tell,
      ended: (reason) => {
        complain(`the call ended: ${reason}`);
        void stop();
      },
    },
  });
  const show = pathBoard(paths);
  const timer = window.setInterval(() => {
    void call.measure().then(show, complain);
  }, MEASURE_EVERY_MS);
  running = { call, timer };
}

async function stop(): Promise<void> {
  const ended = running;
  running = undefined;
  clearInterval(ended?.timer);
  await ended?.call.hangUp();
  theirs.srcObject = null;
  paths.replaceChildren();
  tell("");
  showState(false);
}

function showState(inCall: boolean): void {
  before.disabled = inCall;
  join.hidden = inCall;
  leave.hidden = !inCall;
  // The button that was pressed is gone, and the focus with it.
  if (document.activeElement === document.body) (inCall ? leave : join).focus();
}

/** One thing at a time, with the buttons off meanwhile. */
async function busy(work: () => Promise<unknown>): Promise<void> {
  join.disabled = leave.disabled = true;
  try {
    await work();
  } catch (error) {
    await stop();
    complain(error);
  } finally {
    join.disabled = leave.disabled = false;
  }
}

const joinNow = () => {
  showState(true);
  return busy(start);
};

form.addEventListener("submit", (event) => {
  event.preventDefault();
  void joinNow();
});
leave.addEventListener("click", () => void busy(stop));
form.addEventListener("input", keepInAddress);
for (const it of [camera, generated]) it.addEventListener("change", () => void busy(choosePicture));

const madeUp = [...crypto.getRandomValues(new Uint8Array(4))]
  .map((it) => it.toString(16).padStart(2, "0"))
  .join("");
const asked = readChoices(location.search, madeUp);
room.value = asked.room;
direct.checked = asked.way === "direct";
relay.checked = asked.relayOnly;
keepInAddress();
if (asked.join) void joinNow();
else void busy(choosePicture);
