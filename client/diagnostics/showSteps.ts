import { make } from "../pages/make.ts";
import { type Step, steps, type StepState } from "./run.ts";

const words = {
  waiting: "waiting",
  running: "under way",
  done: "done",
  failed: "not everything got through",
  skipped: "left out",
} satisfies Record<StepState, string>;

/** The list of steps, and how far each is. `list` is emptied first. */
export function stepBoard(list: HTMLElement) {
  const bar = document.createElement("progress");
  bar.setAttribute("aria-label", "How much of the file has come");
  const rows = new Map<Step, { readonly item: HTMLElement; readonly state: HTMLElement }>();
  list.replaceChildren();
  for (const [step, name] of Object.entries(steps)) {
    if (!isStep(step)) continue;
    const state = make("span", { className: "state" }, words.waiting);
    const item = make("li", { className: "waiting" }, name, " ", state);
    rows.set(step, { item, state });
    list.append(item);
  }
  return {
    told: (step: Step, state: StepState) => {
      const row = rows.get(step);
      if (!row) return;
      row.item.className = state;
      row.state.textContent = words[state];
      if (state !== "running") bar.remove();
    },
    progress: (share: number) => {
      bar.value = share;
      rows.get("relay")?.item.append(bar);
    },
  };
}

const isStep = (name: string): name is Step => name in steps;
