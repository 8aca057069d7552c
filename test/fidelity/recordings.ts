/** Every recorded exchange with a model, as a client or a back end of its protocol sees it; none where the ground is absent. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import type { Codec, HeaderMap, WireRequest } from '../../protocols/codec.ts'
import { codecs } from '../../protocols/index.ts'

const GROUND = new URL('../../../shared/wire/', import.meta.url)

/** What was said in one exchange; exactly one of `answer`, `stream` and `error`, or none for what no chat is. */
export interface Recording {
  readonly id: string
  readonly provider: string
  readonly codec: Codec
  readonly request?: { readonly wire: WireRequest; readonly body: any }
  readonly answer?: any
  /** The stream as it stood on the wire. */
  readonly stream?: string
  readonly error?: { readonly status: number; readonly headers: HeaderMap; readonly text: string }
}

export const hasRecordings = existsSync(GROUND)

/** For `before`: says why nothing runs. */
export function skipWithoutRecordings(this: Mocha.Context): void {
  if (hasRecordings) return
  console.log('      skipped: no recordings here')
  this.skip()
}

/** @returns all exchanges whose path is one of conversation, in a stable order. */
export function readRecordings(): readonly Recording[] {
  if (!hasRecordings) return []
  return codecs.flatMap((codec) => {
    const folder = new URL(`${codec.name}/`, GROUND)
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .sort()
      .map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')))
      .flatMap((file) => readRecording(codec, file))
  })
}

/** Endpoints of the same APIs that hold no conversation, and those that a gateway does not serve. */
const NO_CHAT = /embed|\/models$|\/compact$|\/batches|\/claude-v2\/|input_tokens/i

function readRecording(codec: Codec, { id, provider, request, response }: any): Recording[] {
  const path: string = request?.path ?? ''
  if (NO_CHAT.test(path.split('?')[0] ?? '') || /-embeddings-|-models-/.test(id)) return []
  const base = { id, provider, codec }
  const asked = response.status < 400 && isObject(request?.body) ? readRequest(codec, path, request.body) : {}
  if (response.status >= 400) {
    const text = response.stream ?? response.text ?? JSON.stringify(response.body)
    return [{ ...base, error: { status: response.status, headers: response.headers, text } }]
  }
  const stream = response.stream ?? (Array.isArray(response.body) ? JSON.stringify(response.body) : undefined)
  if (stream !== undefined) return [{ ...base, ...asked, stream }]
  return [{ ...base, ...asked, ...(isAnswer(response.body) ? { answer: response.body } : {}) }]
}

/** Counted tokens and the like are no answers of a model. */
function isAnswer(body: any): boolean {
  return (
    isObject(body) && ['choices', 'output', 'content', 'candidates', 'message', 'response'].some((it) => it in body)
  )
}

function readRequest(codec: Codec, line: string, body: any): Pick<Recording, 'request'> {
  const [path = '', query = ''] = line.split('?')
  // Other hosts serve a protocol below other paths; what comes last tells the endpoint.
  const operation = /count/i.test(path) ? 'count-tokens' : 'chat'
  const model = /models\/([^:/]+)/.exec(path)?.[1] ?? 'm'
  const ending = path.slice(path.lastIndexOf(path.includes(':') ? ':' : '/') + 1)
  const candidates = codec.endpoints.filter((one) => one.method === 'POST' && one.operation === operation)
  const endpoint = candidates.find((one) => one.path.endsWith(ending)) ?? candidates[0]
  if (endpoint === undefined) return {}
  const wire = {
    endpoint,
    params: { model: decodeURIComponent(model) },
    query: new URLSearchParams(query),
    headers: {},
  }
  // Where the model stands in the path of one host it stands in the body of the others.
  const named = 'model' in body || endpoint.path.includes('{model}') ? body : { model: wire.params.model, ...body }
  return { request: { wire, body: named } }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
