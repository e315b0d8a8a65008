import { describe, expect, test } from "@jest/globals";
import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { parse } from "yaml";
import * as z from "zod";
import { NODE_FILE, packedUserData, USER_DATA_BYTES, userData } from "../../plan/userData.ts";

const location = {
  stack: "prod",
  region: "eu-central-1",
  bucket: "turnkey-prod-123456789012-eu-central-1",
  documentKey: "node/document.json",
  certificateKey: "node/certificate.json",
  parameterPath: "/turnkey/prod",
  logGroup: "/turnkey/prod/node",
  metricNamespace: "Turnkey/prod",
};

const agent = `#!/usr/bin/python3\n"""Says: "it's up" — €."""\nprint('''#cloud-config\n: - {}''')\n`;

/** cloud-init's own keys, as far as they are used (cloud-init reference, "Module reference"). */
const CloudConfig = z.strictObject({
  write_files: z.array(
    z.strictObject({
      path: z.string().startsWith("/"),
      permissions: z.string().regex(/^0[0-7]{3}$/),
      content: z.string(),
    }),
  ),
  runcmd: z.array(z.array(z.string())),
});

/** The files that cloud-init would write, by path. */
function filesOf(text: string) {
  const files = CloudConfig.parse(parse(text)).write_files.map(
    ({ path, content, permissions }) => [path, { permissions, text: content }] as const,
  );
  return Object.fromEntries(files);
}

describe("the user data", () => {
  const text = userData(location, agent);

  test("is what cloud-init takes for a cloud-config", () => {
    expect(text.split("\n", 1)).toEqual(["#cloud-config"]);
    expect(() => CloudConfig.parse(parse(text))).not.toThrow();
  });

  test("tells the agent where its document is", () => {
    const { permissions, text: json } = filesOf(text)[NODE_FILE] ?? {};
    expect(permissions).toBe("0644");
    expect(JSON.parse(json ?? "")).toEqual(location);
  });

  test("carries the agent to the byte, and starts it at every boot", () => {
    const files = filesOf(text);
    const unit = files["/etc/systemd/system/turnkey-agent.service"]?.text ?? "";
    const [, file = ""] = /^ExecStart=\/usr\/bin\/python3 (\S+)$/m.exec(unit) ?? [];
    expect(files[file]).toEqual({ permissions: "0755", text: agent });
    expect(unit).toContain("Restart=always");
    expect(unit).toContain("WantedBy=multi-user.target");
    expect(CloudConfig.parse(parse(text)).runcmd).toEqual([
      ["systemctl", "daemon-reload"],
      ["systemctl", "enable", "--now", "turnkey-agent.service"],
    ]);
  });

  test("is the same bytes on every machine and at every time", () => {
    // Other bytes would replace every node: a change of this number is one to think about.
    const packed = packedUserData(text);
    expect(createHash("sha256").update(packed).digest("hex").slice(0, 16)).toBe("bd00665472e07c0f");
  });

  test("comes back to the byte as cloud-init unpacks it", () => {
    expect(gunzipSync(Buffer.from(packedUserData(text), "base64")).toString()).toBe(text);
  });
});

/** Text that cannot be compressed. */
const noise = (bytes: number) =>
  Array.from({ length: Math.ceil(bytes / 64) }, (_, index) =>
    createHash("sha256").update(`${index}`).digest("hex"),
  )
    .join("")
    .slice(0, bytes);

test("user data larger than EC2 takes is an error that tells the sizes", () => {
  const small = packedUserData(userData(location, noise(16_000)));
  expect(Buffer.byteLength(small, "base64")).toBeLessThanOrEqual(USER_DATA_BYTES);
  expect(() => packedUserData(userData(location, noise(40_000)))).toThrow(
    /^the user data has \d+ bytes packed, and EC2 takes 16384: the agent in it is too long$/,
  );
});
