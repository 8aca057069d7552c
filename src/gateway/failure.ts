/** The one place where anything thrown becomes something that can be answered. */
import { ApiFailure } from '../../protocols/ir/error.ts'

/** What ended the exchange from outside, if anything did but the client itself. */
export function endedBy(signal: AbortSignal): ApiFailure | undefined {
  return signal.aborted && signal.reason instanceof ApiFailure ? signal.reason : undefined
}

/** What is no `ApiFailure` is a fault of ours: the caller is told so and nothing else; the cause goes to the log. */
export function toFailure(error: unknown): ApiFailure {
  if (error instanceof ApiFailure) return error
  return new ApiFailure(
    { kind: 'internal', message: 'The gateway failed on this request by a fault of its own.', source: 'proxy' },
    { cause: error },
  )
}
