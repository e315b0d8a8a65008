/** The diagnostics page: one run at a time, by one click, shown as it goes. */
import { element } from "../pages/elements.ts";
import { copy } from "./copy.ts";
import type { Measured } from "./measured.ts";
import { reportJson, reportText } from "./report.ts";
import { run, steps } from "./run.ts";
import { SessionRefused } from "./session.ts";
import { showResult } from "./showResult.ts";
import { stepBoard } from "./showSteps.ts";

const form = element("start", HTMLFormElement);
const [start, cancel] = [element("run", HTMLButtonElement), element("cancel", HTMLButtonElement)];
const token = element("token", HTMLInputElement);
const [status, problem] = [element("status", HTMLElement), element("problem", HTMLElement)];
const [running, result] = [element("running", HTMLElement), element("result", HTMLElement)];
const report = element("report", HTMLTextAreaElement);
const copied = element("copied", HTMLElement);

/** What the API wrote into the page: who may run it. */
const { access } = document.body.dataset;
const needsToken = access === "token";
element("tokenRow", HTMLElement).hidden = !needsToken;
token.required = needsToken;

let current: AbortController | undefined;
let measured: Measured | undefined;

function showState(isRunning: boolean): void {
  start.hidden = isRunning;
  cancel.hidden = !isRunning;
  running.hidden = !isRunning;
  // The button that was pressed is gone, and the focus with it.
  if (document.activeElement === document.body) (isRunning ? cancel : start).focus();
}

/** Why there is no result, for people. */
function complaint(error: unknown): string {
  if (!(error instanceof SessionRefused))
    return error instanceof TypeError
      ? "the server does not answer any more - look whether the network is up, then try again"
      : String(error instanceof Error ? error.message : error);
  if (error.status !== 401) return error.message;
  return needsToken
    ? `${error.message} - enter a token that is valid now`
    : `${error.message} - sign in to the application in this browser, then load this page anew`;
}

async function check(): Promise<void> {
  const controller = new AbortController();
  current = controller;
  problem.textContent = "";
  copied.textContent = "";
  result.hidden = true;
  start.textContent = "Run it again";
  showState(true);
  let isDone = false;
  const board = stepBoard(element("steps", HTMLElement));
  try {
    measured = await run({
      token: needsToken ? token.value.trim() : undefined,
      signal: controller.signal,
      told: (step, state) => {
        board.told(step, state);
        if (state === "running") status.textContent = `${steps[step]} …`;
      },
      progress: board.progress,
    });
    showResult(measured);
    status.textContent = "The check is done; the result follows.";
    isDone = true;
  } catch (error) {
    status.textContent = controller.signal.aborted ? "Cancelled." : "";
    if (!controller.signal.aborted) problem.textContent = complaint(error);
  } finally {
    current = undefined;
    showState(false);
  }
  if (isDone) element("verdict", HTMLElement).focus();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (!current) void check();
});
cancel.addEventListener("click", () => current?.abort());

const copyAs = async (make: (it: Measured) => string) => {
  if (!measured) return;
  // The same words anew are no change, and nobody would hear them.
  copied.textContent = "";
  copied.textContent = await copy(make(measured), report);
};
element("copyText", HTMLButtonElement).addEventListener("click", () => void copyAs(reportText));
element("copyJson", HTMLButtonElement).addEventListener("click", () => void copyAs(reportJson));
