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
  const message = NAMES_PROVIDER.has(answer.status)
    ? `Provider ${target.provider.name}: ${error.message}`
    : error.message
  return new ApiFailure(hideKey({ ...error, message, source: 'provider', status: answer.status }, target))
}

/** Refused keys and wrong addresses: without the name, callers look for the fault on their own side. */
const NAMES_PROVIDER: ReadonlySet<number> = new Set([401, 403, 404, 405])

/** Never throws: the status has been told; that the explanation broke off or does not come changes nothing. */
async function readErrorText(answer: UpstreamAnswer): Promise<string> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => {
      answer.body.destroy()
      resolve(undefined)
    }, ERROR_TIMEOUT_MS)
  })
  const limits = { bytes: ERROR_LIMIT_BYTES, beyond: 'cut' } as const
  const bytes = await Promise.race([readBytes(answer.body, limits).catch(() => undefined), late])
  clearTimeout(timer)
  return bytes?.toString('utf8') ?? ''
}

/** Providers repeat the key that they refuse. */
function hideKey(error: ApiError, target: Target): ApiError {
  const secret = target.key?.secret
  if (secret === undefined || secret === '') return error
  return { ...error, message: error.message.replaceAll(secret, '[key]') }
}
