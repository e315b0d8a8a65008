import pb from "@pulumi/pulumi/proto/provider_pb.js";
import { compare } from "./compare.ts";
import type { Bridge, Change, Kind } from "./kind.ts";
import type { Props } from "./value.ts";

const { ADD, ADD_REPLACE, DELETE, DELETE_REPLACE, UPDATE, UPDATE_REPLACE } = pb.PropertyDiff.Kind;

const kinds = {
  add: [ADD, ADD_REPLACE],
  update: [UPDATE, UPDATE_REPLACE],
  delete: [DELETE, DELETE_REPLACE],
} as const;

/** Everything that Diff answers about one resource, in the manner of the official provider's bridge. */
export function answerDiff(
  kind: Kind,
  bridge: Bridge,
  olds: Props,
  news: Props,
  ignored: readonly string[],
): pb.DiffResponse {
  const { table } = kind;
  const changes = [...compare(table.inputs, olds, news), ...(kind.diff?.(olds, news) ?? [])]
    .filter(({ path }) => !ignored.includes(nameIn(path)))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const replaces = changes.filter((it) => it.replaces).map(({ path }) => nameIn(path));
  const { DIFF_NONE, DIFF_SOME } = pb.DiffResponse.DiffChanges;
  const answer = new pb.DiffResponse()
    .setChanges(changes.length === 0 ? DIFF_NONE : DIFF_SOME)
    .setDiffsList([...new Set(changes.map(({ path }) => nameIn(path)))])
    .setReplacesList(replaces)
    .setDeletebeforereplace(
      replaces.length > 0 && (table.deleteBeforeReplace ?? keepsItsName(kind, olds, news)),
    );
  return bridge === "sdk2" ? withDetails(answer, changes, table.stables ?? [], replaces) : answer;
}

/**
 * Two resources cannot bear one name, so what the program named itself must go before it comes anew
 * (pulumi-terraform-bridge, pkg/tfbridge/schema.go, nameRequiresDeleteBeforeReplace).
 */
function keepsItsName({ table }: Kind, olds: Props, news: Props): boolean {
  const defaults = news["__defaults"];
  if (!Array.isArray(defaults)) return false;
  return Object.entries(table.inputs).some(
    ([name, { autoname }]) =>
      autoname !== undefined &&
      typeof news[name] === "string" &&
      news[name] === olds[name] &&
      !defaults.includes(name),
  );
}

function withDetails(
  answer: pb.DiffResponse,
  changes: readonly Change[],
  stables: readonly string[],
  replaces: readonly string[],
): pb.DiffResponse {
  for (const { path, kind, replaces: anew } of changes) {
    const detail = new pb.PropertyDiff().setKind(kinds[kind][anew ? 1 : 0]);
    answer.getDetaileddiffMap().set(path, detail);
  }
  return answer
    .setHasdetaileddiff(true)
    .setStablesList(stables.filter((name) => !replaces.includes(name)));
}

const nameIn = (path: string) => path.split(/[.[]/, 1)[0] ?? path;
