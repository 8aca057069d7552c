/** What routing must know of a request, read from its bytes, and the one change that a relayed request needs. */
import type { Glance, WireRequest } from '../codec.ts'
import { blameClient } from '../ir/blame-client.ts'
import { expectArray, expectBoolean, expectString, optional } from '../ir/expect.ts'
import type { Finish } from '../ir/finish.ts'
import { asBuffer } from '../json/as-buffer.ts'
import { isFilledList } from '../json/is-filled-list.ts'
import { JsonError } from '../json/json-error.ts'
import { longStringBytes } from '../json/long-strings.ts'
import { readMember } from '../json/read-member.ts'
import { replaceSpans } from '../json/replace.ts'
import { scanObject } from '../json/scan.ts'
import type { Span } from '../json/span.ts'
import { GENERATE_PATH } from './paths.ts'
import { PROTOCOL } from './rest.ts'

/** Shorter strings are words, whatever they look like. */
const SHORTEST_PAYLOAD_BYTES = 1_024

/** @throws ApiFailure `bad-request` for bytes that are no JSON object or lack what every request has. */
export function glanceAt({ endpoint }: WireRequest, body: Uint8Array): Glance {
  return blameClient(JsonError, () => {
    const members = scanObject(body)
    const read: Read = (name) => readMember(body, members, name)
    const model = expectString(read('model'), 'model')
    const textBytes = body.length - longStringBytes(body, SHORTEST_PAYLOAD_BYTES)
    if (endpoint.operation === 'embed') return { ...NOTHING, model, textBytes }
    const isGenerate = endpoint.path === GENERATE_PATH
    const said = members.last(isGenerate ? 'prompt' : 'messages')
    const isSaid = said !== undefined && body[said.start] !== 0x6e
    if (isSaid && isGenerate) expectString(read('prompt'), 'prompt')
    else if (isSaid && body[said.start] !== 0x5b) expectArray(read('messages'), 'messages')
    const isIdle = isGenerate ? (read('prompt') ?? '') === '' : !isFilledList(body, said)
    const pictures = isGenerate
      ? isFilledList(body, members.last('images'))
      : said !== undefined && holdsImages(body, said)
    return {
      model,
      // A client that does not say wants a stream.
      stream: optional(read('stream'), 'stream', expectBoolean) ?? true,
      thinking: asksForThoughts(read('think')),
      needs: { ...NOTHING.needs, tools: !isGenerate && isFilledList(body, members.last('tools')), images: pictures },
      textBytes,
      ...(isIdle ? { idle: idleFinish(read('keep_alive')) } : {}),
    }
  })
}

type Read = (name: string) => unknown

const NOTHING = {
  stream: false,
  thinking: false,
  needs: { tools: false, images: false, audio: false, files: false },
}

/** Names of a model in requests about its files, where there is no `model`. */
const OLDER_NAMES = ['model', 'name', 'source']

/** Where the model stands more than once, all are replaced: readers differ in which one counts. */
export function renameModel(body: Uint8Array, model: string): Uint8Array {
  return blameClient(JsonError, () => {
    const members = scanObject(body)
    const called = OLDER_NAMES.find((name) => members.all(name).length > 0) ?? 'model'
    return replaceSpans(body, members.all(called), JSON.stringify(model))
  })
}

function asksForThoughts(think: unknown): boolean {
  return think === true || (typeof think === 'string' && think !== '')
}

/** A request without a word loads the model; one that is to be kept for no time at all unloads it. */
function idleFinish(keepAlive: unknown): Finish {
  const isUnload = keepAlive === 0 || (typeof keepAlive === 'string' && /^0+(?:ns|us|ms|s|m|h)?$/.test(keepAlive))
  return { reason: 'stop', original: { protocol: PROTOCOL, value: isUnload ? 'unload' : 'load' } }
}

function startsList(body: Uint8Array, open: number): boolean {
  if (body[open] !== 0x5b) return false
  const first = body[skipBlanks(body, open + 1)]
  return first !== undefined && first !== 0x5d
}

const IMAGES = Buffer.from('"images"')

/** Whether some `"images"` within this span is the name of a list with something in it: in a text its quotes are escaped. */
function holdsImages(body: Uint8Array, { start, end }: Span): boolean {
  const text = asBuffer(body)
  for (let at = text.indexOf(IMAGES, start); at >= 0 && at < end; at = text.indexOf(IMAGES, at + 1)) {
    const colon = skipBlanks(text, at + IMAGES.length)
    if (text[colon] === 0x3a && startsList(text, skipBlanks(text, colon + 1))) return true
  }
  return false
}

function skipBlanks(text: Uint8Array, start: number): number {
  let at = start
  while (at < text.length && (text[at] ?? 0) <= 0x20) at++
  return at
}
