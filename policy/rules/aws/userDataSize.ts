import type { ResourceRule } from "../../rule.ts";
import { INSTANCE_TYPES } from "./instanceTypes.ts";
import { userDataOf } from "./userData.ts";

/** EC2's limit for user data before it is encoded (EC2 User Guide, run commands at launch). */
const MOST_BYTES = 16 * 1024;

/** What is larger is refused by EC2, when everything else has been made. */
export const userDataSize: ResourceRule = {
  name: "user-data-size",
  description: "User data fits EC2's limit of 16 KiB.",
  level: "mandatory",
  severity: "medium",
  mirrors: [],
  checkResource: ({ type, props }) =>
    INSTANCE_TYPES.has(type)
      ? userDataOf(props)
          .map(([key, text]) => ({ key, bytes: bytesOf(key, text) }))
          .filter(({ bytes }) => bytes > MOST_BYTES)
          .map(({ key, bytes }) => ({
            what: "has more user data than EC2 takes",
            seen: `${key} has ${bytes} bytes`,
            mend: `keep it within ${MOST_BYTES} bytes: a loader that fetches the rest`,
          }))
      : [],
};

const bytesOf = (key: string, text: string) =>
  Buffer.byteLength(text, key === "userDataBase64" ? "base64" : "utf8");
