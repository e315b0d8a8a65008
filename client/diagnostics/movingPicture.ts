const SIDE = 96;
const FRAMES_PER_SECOND = 10;

/** A small picture that changes, to have something to send. `stop` ends it. */
export function movingPicture(): { readonly track: MediaStreamTrack; readonly stop: () => void } {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIDE;
  const context = canvas.getContext("2d");
  if (!context) throw new Error("this browser cannot draw a picture to send");
  let count = 0;
  const draw = () => {
    context.fillStyle = `hsl(${(count += 24) % 360} 60% 40%)`;
    context.fillRect(0, 0, SIDE, SIDE);
  };
  // Before the stream begins, which has no size until there is a frame.
  draw();
  const [track] = canvas.captureStream(FRAMES_PER_SECOND).getVideoTracks();
  if (!track) throw new Error("this browser cannot send what it draws");
  const timer = setInterval(draw, 1000 / FRAMES_PER_SECOND);
  const stop = () => {
    clearInterval(timer);
    track.stop();
  };
  return { track, stop };
}
