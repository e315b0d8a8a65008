import { createHash } from "node:crypto";
import { text as textOf } from "../../provider/read.ts";
import type { Props } from "../../provider/value.ts";
import type { AwsKind } from "../awsKind.ts";
import { awsTable, fixed, flag, found, required, text, textMap, withDefault } from "../fields.ts";

/** The inputs whose change uploads the object anew (`hasObjectContentChanges` there). */
const uploaded = [
  "bucketKeyEnabled",
  "cacheControl",
  "checksumAlgorithm",
  "content",
  "contentBase64",
  "contentDisposition",
  "contentEncoding",
  "contentLanguage",
  "contentType",
  "kmsKeyId",
  "metadata",
  "serverSideEncryption",
  "sourceHash",
  "storageClass",
];

/**
 * `aws_s3_object` (internal/service/s3/object.go): changed content is a new version of the same object.
 */
export const bucketObject: AwsKind = {
  table: awsTable({
    inputs: {
      bucket: fixed(required(text)),
      // The official provider takes the resource's own name for a key that is not given.
      key: fixed(required(text)),
      content: text,
      contentBase64: text,
      contentType: found(text),
      contentDisposition: text,
      contentEncoding: text,
      contentLanguage: text,
      cacheControl: text,
      checksumAlgorithm: text,
      metadata: textMap,
      sourceHash: text,
      serverSideEncryption: found(text),
      kmsKeyId: found(text),
      bucketKeyEnabled: found(flag),
      storageClass: found(text),
      forceDestroy: withDefault(flag, false),
    },
    outputs: { arn: {}, etag: { renewedBy: uploaded }, versionId: { renewedBy: uploaded } },
    tagged: true,
  }),
  id: ({ inputs }) => `${textOf(inputs, "bucket")}/${textOf(inputs, "key")}`,
  outputs: ({ inputs, place, hex }, id) => ({
    arn: `arn:${place.partition.name}:s3:::${id}`,
    contentType: inputs["contentType"] ?? "application/octet-stream",
    storageClass: inputs["storageClass"] ?? "STANDARD",
    ...version(inputs, hex),
  }),
  renewed: ({ inputs, hex }) => version(inputs, hex),
};

const version = (inputs: Props, hex: (digits: number) => string): Props => ({
  versionId: hex(32),
  etag: createHash("md5")
    .update(JSON.stringify([inputs["content"] ?? null, inputs["contentBase64"] ?? null]))
    .digest("hex"),
});
