/** Whose fault it is when the bytes of a request cannot be read. */
import { ApiFailure } from './error.ts'

/**
 * Runs a reader of a request's bytes.
 *
 * @param fault what it throws where the bytes are no JSON; anything else is ours and passes.
 * @throws ApiFailure `bad-request` instead of it.
 */
export function blameClient<Value>(fault: new (...args: never[]) => Error, read: () => Value): Value {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof fault)) throw error
    const message = `The body is not the JSON that it ought to be: ${error.message}`
    throw new ApiFailure({ kind: 'bad-request', message, source: 'proxy' }, { cause: error })
  }
}
