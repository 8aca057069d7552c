/** Gathers an answer that is wanted whole. */
import { ApiFailure } from '../../protocols/ir/error.ts'
import type { UpstreamBody } from '../upstream/upstream.ts'

export interface ReadLimits {
  readonly bytes: number
  /** What to do with an answer that is longer: keep the beginning, or refuse it. */
  readonly beyond: 'cut' | 'refuse'
}

/**
 * @throws ApiFailure what the upstream failed with, or `upstream-failed` for an answer beyond its limit.
 */
export function readBytes(body: UpstreamBody, limits: ReadLimits): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = []
    let size = 0
    body.pipe({
      data(chunk) {
        chunks.push(chunk)
        size += chunk.byteLength
        if (size <= limits.bytes) return true
        body.destroy()
        if (limits.beyond === 'cut') resolve(Buffer.concat(chunks).subarray(0, limits.bytes))
        else reject(new ApiFailure(tooLong(limits.bytes)))
        return false
      },
      end() {
        resolve(Buffer.concat(chunks))
      },
      fail(failure) {
        reject(failure)
      },
    })
  })
}

function tooLong(limit: number) {
  return {
    kind: 'upstream-failed',
    message: `The provider's answer is longer than ${limit} bytes.`,
    source: 'provider',
  } as const
}
