import struct from "google-protobuf/google/protobuf/struct_pb.js";
import type { JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb.js";
import type { Fields, KindTable } from "./kind.ts";
import { isProps, UNKNOWN } from "./value.ts";
import type { Props, Value } from "./value.ts";

// Pulumi's own marks, the same in every SDK (@pulumi/pulumi runtime/rpc.js).
const unknownMark = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const specialMark = "4dabf18193072939515e22adb298388d";
const secretMark = "1b47061264138c4ac30d75fd1eb44270";

/** Reads the properties of a request: secrets are unwrapped, unknown values become `UNKNOWN`. */
export function readStruct(message: struct.Struct | undefined): Props {
  const props: Props = {};
  message?.getFieldsMap().forEach((value, name) => {
    props[name] = readValue(value);
  });
  return props;
}

function readValue(message: struct.Value): Value {
  switch (message.getKindCase()) {
    case struct.Value.KindCase.BOOL_VALUE:
      return message.getBoolValue();
    case struct.Value.KindCase.NUMBER_VALUE:
      return message.getNumberValue();
    case struct.Value.KindCase.STRING_VALUE:
      return message.getStringValue() === unknownMark ? UNKNOWN : message.getStringValue();
    case struct.Value.KindCase.LIST_VALUE:
      return (message.getListValue()?.getValuesList() ?? []).map(readValue);
    case struct.Value.KindCase.STRUCT_VALUE:
      return unwrapped(readStruct(message.getStructValue()));
    case struct.Value.KindCase.NULL_VALUE:
    case struct.Value.KindCase.KIND_NOT_SET:
    default:
      return null;
  }
}

function unwrapped(props: Props): Value {
  const mark = props[specialMark];
  if (mark === undefined) return props;
  if (mark === secretMark) return props["value"] ?? null;
  throw new Error("assets, archives and resource references are no inputs of a stand-in");
}

/** Writes the properties of an answer; those the table calls secret are wrapped as secrets. */
export function writeStruct(table: KindTable, props: Props): struct.Struct {
  const secret = (name: string) =>
    Boolean(table.inputs[name]?.secret ?? table.outputs[name]?.secret);
  return struct.Struct.fromJavaScript(
    Object.fromEntries(
      Object.entries(props).map(([name, value]) => [
        name,
        secret(name) && value !== UNKNOWN && value !== null
          ? { [specialMark]: secretMark, value: writeValue(value) }
          : writeValue(value),
      ]),
    ),
  );
}

function writeValue(value: Value): JavaScriptValue {
  if (value === UNKNOWN) return unknownMark;
  if (Array.isArray(value)) return value.map(writeValue);
  if (!isProps(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, it]) => [key, writeValue(it)]));
}

/** A table for properties of no kind, none of them secret: a provider's own configuration. */
export const plainTable = (inputs: Fields): KindTable => ({ inputs, outputs: {} });
