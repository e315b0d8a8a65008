import type { Measured } from "./call.ts";
import { bitrates, describeBitrate, describeEnd, describePath } from "../pages/describePath.ts";
import { type Path, pathOf } from "../pages/path.ts";

/** Shows the paths of a call below `section`, from what is measured now; remembers what was measured before. */
export function pathBoard(section: HTMLElement) {
  let before = new Map<string, Path>();
  return (measured: readonly Measured[]): void => {
    const paths = new Map<string, { readonly directions: string[]; readonly path: Path }>();
    for (const { direction, report } of measured) {
      const path = pathOf(report.values());
      if (!path) continue;
      const known = paths.get(path.id);
      if (known) known.directions.push(direction);
      else paths.set(path.id, { directions: [direction], path });
    }
    section.replaceChildren(
      ...[...paths.values()].flatMap(({ directions, path }) =>
        board(directions.join(" and "), path, before.get(path.id)),
      ),
    );
    before = new Map([...paths].map(([id, { path }]) => [id, path]));
  };
}

function board(direction: string, path: Path, earlier: Path | undefined): HTMLElement[] {
  const rates = bitrates(earlier, path);
  const rows = [
    ["Path", describePath(path)],
    ["This side", describeEnd(path.local)],
    ["Other side", describeEnd(path.remote)],
    ["Round trip", path.roundTripMs === undefined ? "" : `${Math.round(path.roundTripMs)} ms`],
    ["Sent", rates ? describeBitrate(rates.sent) : ""],
    ["Received", rates ? describeBitrate(rates.received) : ""],
  ];
  const list = document.createElement("dl");
  list.append(...rows.flatMap(([name = "", value = ""]) => [made("dt", name), made("dd", value)]));
  return [made("h2", `Path, ${direction}`), list];
}

function made(tag: string, text: string): HTMLElement {
  const it = document.createElement(tag);
  it.textContent = text;
  return it;
}
