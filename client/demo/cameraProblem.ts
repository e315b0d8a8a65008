const problems: Readonly<Record<string, string>> = {
  NotAllowedError: "the camera was refused - allow it for this page in the browser, then try again",
  NotFoundError: "there is no camera here",
  NotReadableError: "the camera is in use by another program",
};

/** Why there is no camera, for people. `error` is what `getUserMedia` threw. */
export function cameraProblem(error: unknown, isSecure: boolean): string {
  if (!isSecure)
    return "browsers give the camera only to pages from https:// or from this machine itself - open the page by its https:// address";
  const isNamed = typeof error === "object" && error !== null && "name" in error;
  const name = isNamed ? String(error.name) : String(error);
  return problems[name] ?? `the camera does not start (${name})`;
}
