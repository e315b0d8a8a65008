/**
 * `ask`, asked at most every `everyMs`: who asks while an answer is under way or young shares it. A
 * failure is shared as well. `clockMs` is a clock that only goes forward, such as `performance.now`.
 */
export function shared<Answer>(
  everyMs: number,
  clockMs: () => number,
  ask: () => Promise<Answer>,
): () => Promise<Answer> {
  let last: { readonly answer: Promise<Answer>; endedAt?: number } | undefined;
  return () => {
    if (last && (last.endedAt === undefined || clockMs() - last.endedAt < everyMs))
      return last.answer;
    const asked: NonNullable<typeof last> = {
      answer: ask().finally(() => {
        asked.endedAt = clockMs();
      }),
    };
    last = asked;
    return asked.answer;
  };
}
