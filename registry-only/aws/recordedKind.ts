import { randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { Kind, KindTable, Subject } from "../provider/kind.ts";
import { isProps } from "../provider/value.ts";
import type { Props } from "../provider/value.ts";
import { renewedOutputs, withoutDefaults } from "../provider/state.ts";
import type { AwsKind, Making } from "./awsKind.ts";
import type { Cloud } from "./cloud.ts";
import { faultOf } from "./faults.ts";
import type { Fault, Operation } from "./faults.ts";
import { makeRoom, mayGo } from "./limits.ts";
import type { Place } from "./place.ts";

/** What the kinds of one provider share. */
export interface World {
  /** Throws where there is no recorded cloud: nothing can be made then. */
  cloud(): Cloud;
  place(): Place;
  now(): Date;
  /** Runs what looks at the whole cloud before it changes it, one after the other. */
  alone<T>(work: () => Promise<T>): Promise<T>;
}

/** The life of a kind of AWS resource in the recorded cloud. */
export function recordedKind(kind: AwsKind, world: World): Kind {
  const { table } = kind;

  const making = (inputs: Props): Making => ({
    inputs,
    place: world.place(),
    now: world.now(),
    hex: (digits) => randomBytes(digits).toString("hex").slice(0, digits),
    address: (network) => world.cloud().address(network),
  });

  /** Does a call and writes the line about it; a fault comes before or after. */
  const call = async <T extends { readonly id: string }>(
    operation: Operation,
    subject: Subject,
    about: { readonly id?: string; readonly inputs?: Props },
    work: (cloud: Cloud) => Promise<T>,
  ): Promise<T> => {
    const cloud = world.cloud();
    const fault = faultOf(cloud, operation, subject);
    const { id, inputs } = about;
    const line = (more: object) => ({
      at: world.now().toISOString(),
      operation,
      ...subject,
      ...(id === undefined ? {} : { id }),
      ...(inputs === undefined ? {} : { inputs: redacted(table, inputs) }),
      ...numberOf(fault),
      ...more,
    });
    try {
      if (fault?.error !== undefined) throw new Error(fault.error);
      const done = await work(cloud);
      await cloud.log(line({ id: done.id }));
      // Nobody is kept alive by a late answer.
      if (fault?.delayMs !== undefined) await wait(fault.delayMs, undefined, { ref: false });
      return done;
    } catch (error) {
      await cloud.log(line({ error: error instanceof Error ? error.message : String(error) }));
      throw error;
    }
  };

  return {
    table,
    ...(kind.diff === undefined ? {} : { diff: kind.diff }),
    create: (given, subject) =>
      call("create", subject, { inputs: given }, (cloud) =>
        world.alone(async () => {
          const inputs = plain(given);
          await makeRoom(kind, cloud, subject.token, inputs);
          const made = making(inputs);
          const id = kind.id(made);
          const outputs: Props = {
            ...(table.inputs["region"] === undefined ? {} : { region: made.place.region }),
            ...(await kind.outputs?.(made, id)),
          };
          await cloud.put({ ...subject, id, state: { ...inputs, ...outputs } });
          return { id, outputs };
        }),
      ),
    read: async (id, _, subject) => {
      const { state } = await call("read", subject, { id }, async (cloud) => {
        const found = cloud.find(subject.token, id);
        if (found === undefined) return { id, state: undefined };
        const seen = kind.seen?.(id, await cloud.all());
        return { id, state: { ...found.state, ...seen } };
      });
      return state === undefined ? undefined : { id, outputs: state };
    },
    update: async (id, olds, news, subject) => {
      const { outputs } = await call("update", subject, { id, inputs: news }, async (cloud) => {
        const found = cloud.find(subject.token, id);
        if (found === undefined) throw new Error(`${subject.token} ${id} does not exist`);
        const inputs = plain(news);
        const isRenewed = renewedOutputs(table, olds, inputs).length > 0;
        const renewed = isRenewed ? (kind.renewed?.(making(inputs), olds) ?? {}) : {};
        const kept = Object.entries(found.state).filter(([name]) => isOutput(table, name));
        await cloud.put({
          ...found,
          state: { ...Object.fromEntries(kept), ...inputs, ...renewed },
        });
        return { id, outputs: renewed };
      });
      return outputs;
    },
    delete: async (id, outputs, subject) => {
      await call("delete", subject, { id }, (cloud) =>
        world.alone(async () => {
          await mayGo(kind, cloud, id, outputs);
          await cloud.remove(subject.token, id);
          return { id };
        }),
      );
    },
  };
}

function plain(inputs: Props): Props {
  const { __defaults, ...rest } = inputs;
  const value = withoutDefaults(rest);
  return isProps(value) ? value : {};
}

function redacted(table: KindTable, inputs: Props): Props {
  const shown = Object.entries(plain(inputs)).map(([name, value]): [string, Props[string]] => [
    name,
    table.inputs[name]?.secret ? "[secret]" : value,
  ]);
  return Object.fromEntries(shown);
}

const isOutput = ({ inputs, outputs }: KindTable, name: string) =>
  outputs[name] !== undefined || Boolean(inputs[name]?.computed);

const numberOf = (fault: Fault | undefined) => (fault === undefined ? {} : { fault: fault.fault });
