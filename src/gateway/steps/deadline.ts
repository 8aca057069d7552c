/** Lets a work take no longer than it may. */

/**
 * @param work is given a signal that ends it, when its time is over or the outer signal says so.
 * @returns what the work gives, or `late`.
 */
export async function withDeadline<Result>(
  outer: AbortSignal,
  ms: number,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result | 'late'> {
  const inner = new AbortController()
  const end = (): void => inner.abort(outer.reason)
  outer.addEventListener('abort', end, { once: true })
  if (outer.aborted) end()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => {
      resolve('late')
      inner.abort()
    }, ms)
  })
  try {
    return await Promise.race([work(inner.signal), late])
  } finally {
    clearTimeout(timer)
    outer.removeEventListener('abort', end)
  }
}
