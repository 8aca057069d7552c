/** Waits for something that others may wait for too. */
import { UpstreamError } from './upstream-error.ts'

/** @throws UpstreamError `cancelled` when the signal ends the waiting; what is waited for goes on. */
export function waitFor<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(new UpstreamError({ kind: 'cancelled', message: 'Nobody waits any more.' }))
    signal.addEventListener('abort', onAbort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
    if (signal.aborted) onAbort()
  })
}
