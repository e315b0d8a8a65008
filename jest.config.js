// swc to CommonJS: the fastest transform that also takes packages shipped as ESM only.
const swc = [
  "@swc/jest",
  { jsc: { target: "es2024", parser: { syntax: "typescript" } }, module: { type: "commonjs" } },
];
const esmOnly = ["jose", "cockatiel", "cookie", "content-disposition", "commander", "listr2"];

const shared = {
  testEnvironment: "node",
  transform: { "^.+\\.[cm]?[jt]s$": swc },
  transformIgnorePatterns: [`/node_modules/(?!(${esmOnly.join("|")})/)`],
  modulePathIgnorePatterns: ["<rootDir>/.turnkey"],
};

// Set by `npm test` to the suites of test/real whose needs the user refused.
const leftOut = (process.env["TURNKEY_LEFT_OUT_SUITES"] ?? "").split(" ").filter(Boolean);

// "unit" needs nothing but Node; "real" deploys with the real CLI to the real Docker Engine; "node" runs the
// node's own Python and boots a production node, `npm run test:node`.
export default {
  maxWorkers: 2,
  // A limit for what hangs, not for what is slow: no test measures time.
  testTimeout: 30_000,
  projects: [
    {
      ...shared,
      displayName: "unit",
      testMatch: ["<rootDir>/test/**/*.test.ts"],
      testPathIgnorePatterns: ["<rootDir>/test/real/", "<rootDir>/test/node/"],
    },
    {
      ...shared,
      displayName: "real",
      testMatch: ["<rootDir>/test/real/**/*.test.ts"],
      testPathIgnorePatterns: leftOut.map((suite) => `<rootDir>/test/real/${suite}$`),
    },
    { ...shared, displayName: "node", testMatch: ["<rootDir>/test/node/**/*.test.ts"] },
  ],
};
