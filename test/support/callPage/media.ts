/** A small moving picture and a tone, as software encodes them on a busy machine. */

const WIDTH = 160;
const HEIGHT = 120;
const FRAMES_PER_SECOND = 5;

function picture(): MediaStreamTrack {
  const canvas = document.createElement("canvas");
  canvas.width = WIDTH;
  canvas.height = HEIGHT;
  const context = canvas.getContext("2d");
  const [track] = canvas.captureStream(FRAMES_PER_SECOND).getVideoTracks();
  if (!context || !track) throw new Error("this browser cannot send what it draws");
  let hue = 0;
  setInterval(() => {
    context.fillStyle = `hsl(${(hue += 40) % 360} 60% 40%)`;
    context.fillRect(0, 0, WIDTH, HEIGHT);
  }, 1000 / FRAMES_PER_SECOND);
  return track;
}

function tone(): MediaStreamTrack {
  const context = new AudioContext();
  const end = context.createMediaStreamDestination();
  const source = new OscillatorNode(context, { frequency: 440 });
  source.connect(end);
  source.start();
  const [track] = end.stream.getAudioTracks();
  if (!track) throw new Error("this browser cannot send a tone");
  return track;
}

let tracks: readonly MediaStreamTrack[] | undefined;

/** The page's own, the same in every call. */
export const generatedTracks = () => (tracks ??= [tone(), picture()]);

const playing: HTMLMediaElement[] = [];

/** Plays a track: sound that nobody listens to is not decoded. */
export function play(track: MediaStreamTrack): void {
  const element = document.createElement(track.kind === "video" ? "video" : "audio");
  element.autoplay = true;
  element.srcObject = new MediaStream([track]);
  document.body.append(element);
  playing.push(element);
}

export function stopPlaying(): void {
  for (const element of playing.splice(0)) {
    element.srcObject = null;
    element.remove();
  }
}
