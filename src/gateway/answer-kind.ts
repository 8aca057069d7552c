/** Whether a back end answered in one piece or with a stream, whatever it was asked for. */
import type { Codec } from '../../protocols/codec.ts'
import { ApiFailure } from '../../protocols/ir/error.ts'
import type { UpstreamAnswer } from '../upstream/upstream.ts'

export type AnswerKind = 'whole' | 'stream'

/**
 * Goes by the content type; without one a back end is believed to have done what it was asked for.
 *
 * @throws ApiFailure `upstream-failed` for an answer that is neither, such as the page of a proxy in between.
 */
export function kindOfAnswer(answer: UpstreamAnswer, codec: Codec, asked: AnswerKind): AnswerKind {
  const type = mediaType(answer.headers['content-type'])
  if (type === '') return asked
  if (type === mediaType(codec.stream.contentType)) return 'stream'
  if (type === 'application/json' || type.endsWith('+json')) return 'whole'
  throw new ApiFailure({
    kind: 'upstream-failed',
    message: `The provider answered ${answer.status} with ${type} instead of JSON.`,
    source: 'provider',
    status: answer.status,
  })
}

function mediaType(contentType: string | undefined): string {
  return (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
}
