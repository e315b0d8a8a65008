import { describe, expect, test } from "@jest/globals";
import * as fc from "fast-check";
import { developmentPeers, productionPeers } from "../../../../plan/peerPolicy.ts";
import { type AddressRange, mergeRanges, parseCidr } from "../../../../policy/cidr.ts";
import { restrictedPeers } from "../../../../policy/rules/turn/restrictedPeers.ts";
import { specialRangesDenied } from "../../../../policy/rules/turn/specialRangesDenied.ts";
import { specialRanges } from "../../../../policy/rules/turn/specialRanges.ts";
import {
  coturn,
  coturnConf,
  dashed,
  document,
  ipv4,
  ipv6,
  livekitService,
} from "../../subjects/samples.ts";
import { violations } from "../../../support/policy.ts";

const DENIED = "turn-special-ranges-denied";
const RESTRICTED = "turn-restricted-peers";
/** Rules that complain of a LiveKit with these lists. */
const judged = (deny: readonly string[], allow: readonly string[] = [], development = false) =>
  [specialRangesDenied, restrictedPeers].flatMap((rule) =>
    violations(
      rule,
      document([
        livekitService({ turn: { deny_peer_cidrs: deny, allow_restricted_peer_cidrs: allow } }),
      ]),
      { development },
    ).map((it) => it.rule),
  );

const ranges = (cidrs: readonly string[]) =>
  mergeRanges(cidrs.flatMap((it) => parseCidr(it) ?? []));

test("the pack and the plan, each with its own list, agree on what is special", () => {
  const ours = ranges(specialRanges.map(({ cidr }) => cidr));
  expect(ranges(productionPeers("10.0.0.0/16").deny)).toEqual(ours);
});

test.each(["127.0.0.1/32", "192.168.1.0/24", "10.0.0.0/8"])(
  "what the plan lets a laptop's relay reach, %s, passes in development alone",
  (open) => {
    const { deny, allow } = developmentPeers(open);
    expect(judged(deny, allow, true)).toEqual([]);
    expect(judged(deny, allow)).toEqual([DENIED, RESTRICTED]);
  },
);

test("a hole that is not allowed back is found in development too", () => {
  const { deny } = developmentPeers("192.168.1.0/24");
  expect(judged(deny, [], true)).toEqual([DENIED]);
  expect(judged(deny, ["192.168.1.0/25"], true)).toEqual([DENIED]);
});

/** The halves of a block; one of a single address has none. */
function halves({ family, first, last }: AddressRange): readonly AddressRange[] {
  const middle = first + (last - first) / 2n;
  return first === last
    ? []
    : [
        { family, first, last: middle },
        { family, first: middle + 1n, last },
      ];
}

const lengthOf = ({ family, first, last }: AddressRange) =>
  (family === 4 ? 32 : 128) - ((last - first + 1n).toString(2).length - 1);
const cidrOf = (range: AddressRange) =>
  `${(range.family === 4 ? ipv4 : ipv6)(range.first)}/${lengthOf(range)}`;

/** Every special block, some cut into halves, and those again, in any order. */
const split = fc
  .array(fc.nat(), { maxLength: 40 })
  .map((choices) =>
    choices.reduce<readonly AddressRange[]>(
      (blocks, choice) => {
        const index = choice % blocks.length;
        const chosen = blocks[index];
        const parts = chosen === undefined ? [] : halves(chosen);
        return parts.length === 0 ? blocks : blocks.toSpliced(index, 1, ...parts);
      },
      specialRanges.map(({ range }) => range),
    ),
  )
  .chain((blocks) => fc.shuffledSubarray([...blocks], { minLength: blocks.length }));

describe("however the special blocks are cut up", () => {
  const runs = { numRuns: 25 };

  test("denying all pieces passes, in LiveKit's and in coturn's notation", () => {
    fc.assert(
      fc.property(split, (pieces) => {
        expect(judged(pieces.map(cidrOf))).toEqual([]);
        expect(violations(specialRangesDenied, coturn(denying(pieces)))).toEqual([]);
      }),
      runs,
    );
  });

  test("leaving one piece out is found, in both", () => {
    fc.assert(
      fc.property(split, fc.nat(), (pieces, choice) => {
        const left = pieces.toSpliced(choice % pieces.length, 1);
        expect(judged(left.map(cidrOf))).toEqual([DENIED]);
        expect(violations(specialRangesDenied, coturn(denying(left)))).toHaveLength(1);
      }),
      runs,
    );
  });

  test("allowing one piece back is found in production", () => {
    fc.assert(
      fc.property(split, fc.nat(), (pieces, choice) => {
        const back = pieces[choice % pieces.length];
        const allow = back === undefined ? [] : [cidrOf(back)];
        expect(judged(pieces.map(cidrOf), allow)).toEqual([RESTRICTED]);
      }),
      runs,
    );
  });
});

/** turnserver.conf that denies these and nothing else. */
const denying = (pieces: readonly AddressRange[]): string =>
  [
    ...coturnConf()
      .split("\n")
      .filter((line) => !line.startsWith("denied-peer-ip")),
    ...pieces.map((it) => `denied-peer-ip=${dashed(it)}`),
  ].join("\n");

const multicast = (cidr: string) => /^(?:224|240)\.|^ff/.test(cidr);

test("coturn's flag against multicast counts as denying it", () => {
  const others = specialRanges.filter(({ cidr }) => !multicast(cidr)).map(({ range }) => range);
  expect(violations(specialRangesDenied, coturn(denying(others)))).toHaveLength(1);
  expect(violations(specialRangesDenied, coturn(`${denying(others)}\nno-multicast-peers`))).toEqual(
    [],
  );
});
