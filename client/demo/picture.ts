/** What this side shows: the camera, or a picture that is drawn. */
import { cameraProblem } from "./cameraProblem.ts";

export interface Picture {
  readonly track: MediaStreamTrack;
  /** Ends the track and what feeds it. */
  stop(): void;
}

const WIDTH = 640;
const HEIGHT = 360;
const FRAMES_PER_SECOND = 15;
const SECONDS_PER_ROUND = 6;

function draw(context: CanvasRenderingContext2D, label: string, now: Date): void {
  const turn = ((now.getTime() / 1000 / SECONDS_PER_ROUND) % 1) * 2 * Math.PI;
  context.fillStyle = `hsl(${(turn * 180) / Math.PI} 60% 25%)`;
  context.fillRect(0, 0, WIDTH, HEIGHT);
  context.fillStyle = "white";
  context.beginPath();
  context.arc(WIDTH / 2 + Math.cos(turn) * 240, HEIGHT / 2 + Math.sin(turn) * 120, 28, 0, 7);
  context.fill();
  context.textAlign = "center";
  context.font = "48px sans-serif";
  context.fillText(now.toISOString().slice(11, 21), WIDTH / 2, HEIGHT / 2);
  context.font = "24px sans-serif";
  context.fillText(label, WIDTH / 2, HEIGHT / 2 + 48);
}

/** A moving picture with a clock and a label. */
export function generatedPicture(label: string): Picture {
  const canvas = document.createElement("canvas");
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  const context = canvas.getContext("2d");
  if (!context) throw new Error("this browser cannot draw a picture to send");
  const next = () => draw(context, label, new Date());
  // Before the stream begins, which has no size until there is a frame.
  next();
  const [track] = canvas.captureStream(FRAMES_PER_SECOND).getVideoTracks();
  if (!track) throw new Error("this browser cannot send what it draws");
  // Not by animation frames: a hidden tab gets none, but a timer once a second.
  const timer = setInterval(next, 1000 / FRAMES_PER_SECOND);
  const stop = () => {
    clearInterval(timer);
    track.stop();
  };
  return { track, stop };
}

/** The camera. Throws why there is none. */
export async function cameraPicture(): Promise<Picture> {
  try {
    const video = { width: WIDTH, height: HEIGHT, facingMode: "user" };
    const [track] = (await navigator.mediaDevices.getUserMedia({ video })).getVideoTracks();
    if (!track) throw new DOMException("", "NotFoundError");
    return { track, stop: () => track.stop() };
  } catch (error) {
    throw new Error(cameraProblem(error, window.isSecureContext), { cause: error });
  }
}
