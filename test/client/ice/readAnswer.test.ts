import { describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { readAnswer } from "../../../client/ice/readAnswer.ts";
import { IceConfig, WebrtcConfig } from "../../../turn/iceConfig.ts";

/** What the API's own schemas make of a body; both shapes as one. */
function bySchema(body: unknown) {
  const own = IceConfig.safeParse(body);
  if (own.success) return own.data;
  const wrapped = WebrtcConfig.safeParse(body);
  return wrapped.success ? { iceServers: wrapped.data.data.iceServers } : undefined;
}

/** Mostly what is right, now and then something else. */
const mostly = (right: fc.Arbitrary<unknown>) =>
  fc.oneof({ weight: 30, arbitrary: right }, { weight: 1, arbitrary: fc.jsonValue() });
const instant = fc.oneof(
  fc
    .date({
      min: new Date("0000-01-01T00:00:00Z"),
      max: new Date("9999-12-31T23:59:59Z"),
      noInvalidDate: true,
    })
    .map((it) => it.toISOString()),
  // Near the calendar's edges, and beyond.
  fc
    .tuple(
      fc.constantFrom("2023", "2024", "1900", "2000"),
      fc.constantFrom("00", "01", "02", "04", "12", "13"),
      fc.constantFrom("00", "01", "28", "29", "30", "31", "32"),
      fc.constantFrom(
        "00:00:00",
        "23:59:59.123456789",
        "24:00:00",
        "12:60:00",
        "12:00:60",
        "12:00",
      ),
      fc.constantFrom("Z", "", "+00:00", "z", "Z\n"),
    )
    .map(([year, month, day, time, zone]) => `${year}-${month}-${day}T${time}${zone}`),
);
const text = fc.oneof(fc.string({ minLength: 1 }), fc.constant(""));
const server = fc.record(
  {
    urls: mostly(fc.array(mostly(fc.webUrl()), { minLength: 0, maxLength: 3 })),
    username: mostly(text),
    credential: mostly(text),
    credentialType: mostly(fc.constant("password")),
  },
  { requiredKeys: ["urls"] },
);
const servers = mostly(fc.array(mostly(server), { maxLength: 3 }));
const own = fc.record(
  {
    iceServers: servers,
    ttl: mostly(fc.oneof(fc.integer(), fc.double(), fc.constantFrom(0, 1, 2 ** 53))),
    expiresAt: mostly(instant),
    extra: fc.jsonValue(),
  },
  { requiredKeys: ["iceServers", "ttl", "expiresAt"] },
);
const wrapped = fc.record(
  { success: mostly(fc.constant(true)), data: mostly(fc.record({ iceServers: servers })) },
  { requiredKeys: ["data"] },
);
const body = fc.oneof(
  own,
  wrapped,
  fc.tuple(own, wrapped).map(([a, b]) => ({ ...a, ...b })),
  fc.jsonValue(),
);

test("the guard takes and refuses what the API's schemas do, and reads the same from it", () => {
  let taken = 0;
  fc.assert(
    fc.property(body, (value) => {
      // As it comes over the wire.
      const received: unknown = JSON.parse(JSON.stringify(value));
      const read = readAnswer(received);
      if (read) taken += 1;
      expect(read).toEqual(bySchema(received));
    }),
    { numRuns: 3_000 },
  );
  expect(taken).toBeGreaterThan(300);
});

const good = {
  iceServers: [{ urls: ["turn:a"], username: "u", credential: "c" }],
  ttl: 60,
  expiresAt: "2030-01-01T00:00:00Z",
};

describe("of a good answer", () => {
  test.each<[string, unknown]>([
    ["no ttl", { ...good, ttl: undefined }],
    ["a text as ttl", { ...good, ttl: "60" }],
    ["half a second", { ...good, ttl: 0.5 }],
    ["no life", { ...good, ttl: 0 }],
    ["no day of the calendar", { ...good, expiresAt: "2030-02-29T00:00:00Z" }],
    ["another zone", { ...good, expiresAt: "2030-01-01T00:00:00+01:00" }],
    ["a server alone", { ...good, iceServers: good.iceServers[0] }],
    ["one URL without its list", { ...good, iceServers: [{ urls: "stun:a" }] }],
    ["no URL", { ...good, iceServers: [{ urls: [] }] }],
    ["an empty user name", { ...good, iceServers: [{ urls: ["turn:a"], username: "" }] }],
    ["a page to sign in at", "<!doctype html>"],
    ["no success", { success: false, data: good }],
  ])("%s is refused", (_, value) => {
    expect(readAnswer(value)).toBeUndefined();
    expect(bySchema(JSON.parse(JSON.stringify(value)))).toBeUndefined();
  });

  test("what is unknown is left out", () => {
    expect(readAnswer({ ...good, more: 1, iceServers: [{ urls: ["stun:a"], more: 1 }] })).toEqual({
      ...good,
      iceServers: [{ urls: ["stun:a"] }],
    });
  });
});
