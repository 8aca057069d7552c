/** Turns an answer of a back end that is no success into the failure that it tells. */
import type { Codec } from '../../protocols/codec.ts'
import { type ApiError, ApiFailure } from '../../protocols/ir/error.ts'
import type { Target } from '../providers/target.ts'
import type { UpstreamAnswer } from '../upstream/upstream.ts'
import { readBytes } from './read-bytes.ts'

/** More of an error page is of no use to anybody. */
const ERROR_LIMIT_BYTES = 64 * 1024
/** How long the body of an error may take; its status is enough. */
const ERROR_TIMEOUT_MS = 5000

/** Reads the rest of the answer within limits; never throws. */
export async function readFailure(answer: UpstreamAnswer, codec: Codec, target: Target): Promise<ApiFailure> {
  const text = await readErrorText(answer)
  const error = codec.error.decode(answer.status, answer.headers, text)
  return new ApiFailure(hideKey({ ...error, source: 'provider', status: answer.status }, target))
}

async function readErrorText(answer: UpstreamAnswer): Promise<string> {
  const timer = setTimeout(() => answer.body.destroy(), ERROR_TIMEOUT_MS)
  const timeout = new Promise<Buffer>((resolve) => {
    setTimeout(() => resolve(Buffer.alloc(0)), ERROR_TIMEOUT_MS).unref()
  })
  try {
    const bytes = await Promise.race([readBytes(answer.body, { bytes: ERROR_LIMIT_BYTES, beyond: 'cut' }), timeout])
    return bytes.toString('utf8')
  } catch {
    // The status has been told; that the explanation broke off changes nothing.
    return ''
  } finally {
    clearTimeout(timer)
  }
}

/** Providers repeat the key that they refuse. */
function hideKey(error: ApiError, target: Target): ApiError {
  const secret = target.key?.secret
  if (secret === undefined || secret === '') return error
  return { ...error, message: error.message.replaceAll(secret, '[key]') }
}
