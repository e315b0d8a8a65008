/** Requests to AWS are signed as AWS itself shows it. */
import { describe, expect, test } from "@jest/globals";
import { python } from "./support/python.ts";

interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly service: string;
  readonly id: string;
  readonly secret: string;
  readonly token?: string;
  readonly at: string;
}

/** The headers that a request gets. */
const signed = (asked: Asked) =>
  python(
    "agent, datetime",
    [
      "(lambda it: agent.sign({**it, 'body': it['body'].encode()}, it['service'], 'us-east-1', it,",
      "datetime.datetime.strptime(it['at'], '%Y%m%dT%H%M%SZ'))['headers'])(given)",
    ].join(" "),
    asked,
  );

/** Keys of AWS's examples, which open nothing. */
const suite = {
  headers: {},
  body: "",
  service: "service",
  id: "AKIDEXAMPLE",
  secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
  at: "20150830T123600Z",
} as const;

describe("a signature", () => {
  // From the Signature Version 4 test suite that AWS publishes: get-vanilla, and get-vanilla-query-order-key-case.
  test.each([
    [
      "without a query",
      "https://example.amazonaws.com/",
      "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
    ],
    [
      "with a query, which is sorted",
      "https://example.amazonaws.com/?Param2=value2&Param1=value1",
      "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
    ],
  ])("is the one of AWS's test suite %s", (_case, url, signature) => {
    expect(signed({ ...suite, method: "GET", url })).toEqual({
      host: "example.amazonaws.com",
      "x-amz-date": suite.at,
      Authorization: `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=${signature}`,
    });
  });

  // https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html, "GET Object".
  test("is the one of S3's documentation, whose content is signed as well", () => {
    const headers = signed({
      method: "GET",
      url: "https://examplebucket.s3.amazonaws.com/test.txt",
      headers: { Range: "bytes=0-9" },
      body: "",
      service: "s3",
      id: "AKIAIOSFODNN7EXAMPLE",
      secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
      at: "20130524T000000Z",
    });
    expect(headers).toMatchObject({
      Authorization: expect.stringMatching(
        /SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41$/,
      ),
    });
  });

  test("covers the session's token", () => {
    expect(
      signed({ ...suite, method: "GET", url: "https://example.amazonaws.com/", token: "a token" }),
    ).toMatchObject({
      "x-amz-security-token": "a token",
      Authorization: expect.stringContaining("host;x-amz-date;x-amz-security-token"),
    });
  });
});
