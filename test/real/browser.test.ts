/** The browser that suites drive can do what they ask of it. */
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import type { Browser } from "playwright-core";
import { launchBrowser } from "../support/browser.ts";

let browser: Browser | undefined;
beforeEach(async () => {
  browser = await launchBrowser();
}, 60_000);
afterEach(() => browser?.close());

/** Text, as only the browser knows these names; its value is the candidates of a fresh connection. */
const gatherCandidates = `new Promise(async (resolve) => {
  const connection = new RTCPeerConnection();
  const found = [];
  connection.createDataChannel("any");
  connection.onicecandidate = ({ candidate }) => {
    if (candidate === null) resolve(found);
    else found.push(candidate.candidate);
  };
  await connection.setLocalDescription();
})`;

test("it gathers ICE candidates on this machine", async () => {
  const page = await browser?.newPage();
  expect(await page?.evaluate(gatherCandidates)).toContainEqual(expect.stringMatching(/ typ host/));
});
