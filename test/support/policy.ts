/** Resources for rules to judge, and what they find. */
import * as pulumi from "@pulumi/pulumi";
import * as proxy from "@pulumi/policy/proxy.js";
import { judge, type JudgeOptions, type Violation } from "../../policy/judge.ts";
import type { AnyRule, Resource } from "../../policy/rule.ts";
import { plain, type Registered } from "./engine.ts";

export type Props = Readonly<Record<string, unknown>>;

interface ResourceOptions {
  readonly name?: string;
  readonly protect?: boolean;
  /** Resources that an input is made of. */
  readonly dependencies?: Readonly<Record<string, readonly Resource[]>>;
  /** Types of the components around it, the outermost first. */
  readonly under?: readonly string[];
}

/** A resource as a program registers it; it is called after the last part of its type. */
export function resource(
  type: string,
  props: Props,
  {
    name = type.slice(type.lastIndexOf(":") + 1),
    protect = false,
    dependencies = {},
    under = [],
  }: ResourceOptions = {},
): Resource {
  return {
    type,
    name,
    urn: `urn:pulumi:test::turnkey::${[...under, type].join("$")}::${name}`,
    props,
    protect,
    dependencies: Object.fromEntries(
      Object.entries(dependencies).map(([key, on]) => [key, on.map(({ urn }) => urn)]),
    ),
  };
}

/** Stands in `props` for a value that is not known at preview. */
export const UNKNOWN_AT_PREVIEW = pulumi.runtime.unknownValue;

/** A resource as the policy SDK shows it at preview: whoever reads an unknown value gets its error. */
export const atPreview = (it: Resource): Resource => ({ ...it, props: unknownChecking(it.props) });

/** The SDK's own proxy, which its public types do not have. */
function unknownChecking(props: Props): Props {
  const make: unknown = Reflect.get(proxy, "unknownCheckingProxy");
  if (typeof make !== "function") throw new Error("the policy SDK has no such proxy any more");
  return Reflect.apply(make, undefined, [props]);
}

/** What a rule finds that no exception holds for. */
export function violations(
  rule: AnyRule,
  resources: Resource | readonly Resource[],
  config?: Props,
  options: JudgeOptions = {},
): readonly Violation[] {
  const all = "urn" in resources ? [resources] : resources;
  const { violations: found } = judge([rule], all, {
    ...options,
    config: config === undefined ? {} : { [rule.name]: config },
  });
  return found;
}

/** The messages alone. */
export const messages = (...args: Parameters<typeof violations>): readonly string[] =>
  violations(...args).map(({ message }) => message);

/** What a program registered with the fake engine, secrets in the clear as rules see them. */
export function resourcesOf(registered: readonly Registered[]): readonly Resource[] {
  const named = Map.groupBy(registered, ({ name }) => name);
  const urnOf = ({ type, name, options }: Registered): string =>
    `urn:pulumi:test::turnkey::${[...typesAround(options.parent), type].join("$")}::${name}`;
  const typesAround = (parent: string): string[] => {
    const component = named.get(parent)?.find(({ type }) => !/^[a-z-]+:[^:]*\//.test(type));
    return component ? [...typesAround(component.options.parent), component.type] : [];
  };
  return registered.map((it) => ({
    type: it.type,
    name: it.name,
    urn: urnOf(it),
    props: Object.fromEntries(Object.entries(it.inputs).map(([key, its]) => [key, plain(its)])),
    protect: it.options.protect,
    dependencies: Object.fromEntries(
      Object.entries(it.options.inputDependencies).map(([key, names]) => [
        key,
        names.flatMap((name) => (named.get(name) ?? []).map(urnOf)),
      ]),
    ),
  }));
}
