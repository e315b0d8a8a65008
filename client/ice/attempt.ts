/**
 * Calls what the application may have a fault in, and says whether it came back. What it throws is thrown
 * once more by itself, as from any listener: a page's `error` event, `uncaughtException` in Node.
 */
export function attempt(call: () => void): boolean {
  try {
    call();
    return true;
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
    return false;
  }
}
