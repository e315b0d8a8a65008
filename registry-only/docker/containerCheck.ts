import { look } from "../../machine/look.ts";
import type { Failure } from "../provider/kind.ts";
import type { Props } from "../provider/value.ts";
import { parseGoDuration } from "./goDuration.ts";

const durations = ["interval", "timeout", "startPeriod", "startInterval"];

/** What the official provider refuses about a container before anything is made. */
export function containerCheck(news: Props): readonly Failure[] {
  const given = look(news);
  return [
    ...durations.flatMap((name) =>
      given.at("healthcheck").has(name)
        ? wanted(
            `healthcheck.${name}`,
            given.text("healthcheck", name),
            (it) => parseGoDuration(it) !== undefined,
            "a duration such as 10s",
          )
        : [],
    ),
    ...given
      .list("uploads")
      .flatMap((it, i) =>
        it.has("permissions")
          ? wanted(
              `uploads[${i}].permissions`,
              it.text("permissions"),
              (text) => /^0[0-7]{3}$/.test(text),
              "four octal digits such as 0400",
            )
          : [],
      ),
    ...(given.has("cpus")
      ? wanted("cpus", given.text("cpus"), (it) => Number(it) > 0, "a number such as 0.5")
      : []),
  ];
}

// An unknown value reads as an empty text: it is checked when it is known.
const wanted = (
  property: string,
  text: string,
  holds: (text: string) => boolean,
  what: string,
): Failure[] =>
  text === "" || holds(text) ? [] : [{ property, reason: `is "${text}"; ${what} is wanted` }];
