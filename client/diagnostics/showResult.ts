import { element } from "../pages/elements.ts";
import { make } from "../pages/make.ts";
import { describeUrl } from "./describeUrl.ts";
import { type Finding, findings, headlines, type Level, verdictOf } from "./findings.ts";
import type { Attempt, GatheredUrl, Measured } from "./measured.ts";
import { lineFigures } from "./numbers.ts";
import { relayRows, reportText, roomRows } from "./report.ts";
import { urlState } from "./urlState.ts";

const levelWords = {
  bad: "Stops calls",
  warning: "In the way",
  note: "Good to know",
  good: "Fine",
} satisfies Record<Level, string>;

/** Shows everything that a run found, the verdict first. */
export function showResult(measured: Measured): void {
  const found = findings(measured);
  const verdict = verdictOf(found);
  const section = element("result", HTMLElement);
  const heading = element("verdict", HTMLElement);
  heading.textContent = headlines[verdict];
  heading.className = verdict;
  const figures = element("figures", HTMLElement);
  const { relay } = measured;
  figures.hidden = relay.state !== "done";
  figures.replaceChildren(...(relay.state === "done" ? lineFigures(relay.result).map(figure) : []));
  element("findings", HTMLElement).replaceChildren(...found.map(findingItem));
  element("urls", HTMLElement).replaceChildren(...measured.urls.map(urlRow));
  element("proofs", HTMLElement).replaceChildren(
    ...proofBoard("A file over the relay", measured.relay, relayRows),
    ...proofBoard("A LiveKit room over the relay", measured.rooms.relay, roomRows),
    ...proofBoard("A LiveKit room by any path", measured.rooms.any, roomRows),
  );
  element("report", HTMLTextAreaElement).value = reportText(measured);
  section.hidden = false;
}

const figure = ([name = "", value = ""]: readonly string[]) =>
  make("div", {}, make("dt", {}, name), make("dd", {}, value));

function findingItem({ level, title, text, mend }: Finding): HTMLElement {
  const badge = make("span", { className: "badge" }, levelWords[level]);
  const item = make(
    "li",
    { className: level },
    make("h3", {}, badge, " ", title),
    make("p", {}, text),
  );
  if (mend !== undefined)
    item.append(make("p", { className: "mend" }, make("strong", {}, "What to do: "), mend));
  return item;
}

function urlRow(gathered: GatheredUrl): HTMLElement {
  // A narrow screen breaks it before its query first.
  const [address = "", query] = gathered.url.split("?", 2);
  const rest = query === undefined ? [] : [make("wbr"), `?${query}`];
  const name = make("th", {}, address, ...rest);
  name.setAttribute("scope", "row");
  const className = urlState(gathered) === "works" ? "works" : "fails";
  return make("tr", {}, name, make("td", { className }, describeUrl(gathered)));
}

function proofBoard<R>(
  title: string,
  attempt: Attempt<R>,
  rows: (result: R) => string[][],
): HTMLElement[] {
  const heading = make("h3", {}, title);
  if (attempt.state === "skipped") return [heading, make("p", {}, `Left out: ${attempt.why}.`)];
  if (attempt.state === "failed")
    return [heading, make("p", {}, `Failed while ${attempt.stage}: ${attempt.why}.`)];
  const list = make("dl");
  for (const [name = "", value = ""] of rows(attempt.result))
    list.append(make("dt", {}, name), make("dd", {}, value));
  return [heading, list];
}
