/**
 * The envelope in which Amazon Bedrock takes and gives the Messages API: model and stream in the path, version and
 * beta features in the body, events as messages of Amazon's framing.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-anthropic-claude-messages.html
 */
import type { HeaderMap } from '../codec.ts'
import type { EventMessage } from '../framing/event-stream.ts'
import { ApiFailure } from '../ir/error.ts'
import { addMembers } from '../json/add-members.ts'
import { removeMembers } from '../json/remove-members.ts'
import { decodeEnvelope, encodeEnvelope } from './error.ts'

const VERSION = 'bedrock-2023-05-31'

export interface Invocation {
  /** Percent-encoded. */
  readonly path: string
  readonly body: Uint8Array
}

/**
 * @param body of `/v1/messages`.
 * @param headers those of the client that its protocol lets through, lower case.
 * @throws JsonError for bytes that are no JSON object.
 */
export function writeInvocation(
  body: Uint8Array,
  { model, stream, headers }: { readonly model: string; readonly stream: boolean; readonly headers: HeaderMap },
): Invocation {
  const betas = (headers['anthropic-beta'] ?? '')
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
  const action = stream ? 'invoke-with-response-stream' : 'invoke'
  return {
    path: `/model/${encodeURIComponent(model)}/${action}`,
    body: addMembers(removeMembers(body, ['model', 'stream']), {
      anthropic_version: VERSION,
      ...(betas.length === 0 ? {} : { anthropic_beta: betas }),
    }),
  }
}

/**
 * One message of the stream as the event that the Messages API would have sent; nothing for a message without meaning.
 *
 * @throws ApiFailure `upstream-failed` for a message that holds no event.
 */
export function readInvocationEvent({ headers, payload }: EventMessage): string {
  const kind = headers.get(':message-type') ?? 'event'
  if (kind === 'event') return headers.get(':event-type') === 'chunk' ? writeEvent(readChunk(payload)) : ''
  const name = headers.get(':exception-type') ?? headers.get(':error-code') ?? 'internalServerException'
  const told = asFields(parse(payload.toString('utf8'))) ?? {}
  const error = decodeEnvelope(
    { message: headers.get(':error-message'), ...told, __type: name.charAt(0).toUpperCase() + name.slice(1) },
    undefined,
  )
  return writeEvent(JSON.stringify(encodeEnvelope(error)))
}

function readChunk(payload: Buffer): string {
  const bytes = asFields(parse(payload.toString('utf8')))?.['bytes']
  return typeof bytes === 'string' ? Buffer.from(bytes, 'base64').toString('utf8') : ''
}

/** Clients go by the name of an event, which stands in its data only. */
function writeEvent(data: string): string {
  const type = asFields(parse(data))?.['type']
  if (typeof type === 'string') return `event: ${type}\ndata: ${data}\n\n`
  const message = 'The provider sent a message in its stream that holds no event.'
  throw new ApiFailure({ kind: 'upstream-failed', message, source: 'provider' })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function asFields(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined
}
