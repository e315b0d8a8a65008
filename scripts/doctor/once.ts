/** A function whose work is done by its first call; later calls get the same answer, or the same failure. */
export function once<T>(work: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => (answer ??= work());
}
