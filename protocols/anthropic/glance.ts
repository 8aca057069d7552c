/** What routing must know of a request, read from its bytes; and the one change that a relayed body gets. */
import type { Glance, WireRequest } from '../codec.ts'
import { blameClient } from '../ir/blame-client.ts'
import { expectArray, refuse } from '../ir/expect.ts'
import { SEALED } from '../ir/seal.ts'
import { containsStart, containsType } from '../json/contains.ts'
import { isFilledList } from '../json/is-filled-list.ts'
import { JsonError } from '../json/json-error.ts'
import { longStringBytes } from '../json/long-strings.ts'
import { readMember } from '../json/read-member.ts'
import { replaceSpans } from '../json/replace.ts'
import { type JsonMembers, scanObject } from '../json/scan.ts'
import { readValue, type Span } from '../json/span.ts'
import { SCALARS } from './scalars.ts'

/** Base64 below this is an id or a signature. */
const PAYLOAD_BYTES = 512

/** @throws ApiFailure `bad-request` for bytes that are no JSON object, and for what no request of this API lacks or has. */
export function glanceAt(wire: WireRequest, body: Uint8Array): Glance {
  return blameClient(JsonError, () => {
    const members = scanObject(body)
    const read = (name: string) => readMember(body, members, name)
    const messages = members.last('messages')
    checkMessages(body, messages)
    const model = SCALARS.model(read('model'), 'model')
    for (const [name, expect] of Object.entries(SCALARS)) {
      const value = read(name)
      if (value !== undefined && value !== null) expect(value, name)
    }
    return {
      model,
      stream: wire.endpoint.operation === 'chat' && read('stream') === true,
      thinking: asksForThinking(read('thinking')),
      needs: {
        tools: isFilledList(body, members.last('tools')),
        images: containsType(body, 'image', messages),
        // The Messages API has no sound.
        audio: false,
        files: containsType(body, 'document', messages) || containsType(body, 'container_upload', messages),
      },
      ...(isIrregular(body, members) ? { irregular: true } : {}),
      textBytes: body.length - longStringBytes(body, PAYLOAD_BYTES),
    }
  })
}

/** Members that are accepted here but that the API itself refuses (X29). */
const REFUSED = ['thinkingBudget', 'frequency_penalty', 'presence_penalty']

/** Tools, and the choice of one, of the other great API (A157, A143), thinking as a plain switch (X20), fields that only others have. */
function isIrregular(body: Uint8Array, members: JsonMembers): boolean {
  for (const name of ['tools', 'tool_choice']) {
    const span = members.last(name)
    if (span !== undefined && containsType(body, 'function', span)) return true
  }
  if (typeof readMember(body, members, 'tool_choice') === 'string') return true
  if (members.last('max_tokens') === undefined && members.last('messages') !== undefined) return true
  if (readMember(body, members, 'thinking') === true || REFUSED.some((name) => members.last(name) !== undefined))
    return true
  // A proof that another issuer gave for a thought: the API would refuse it (trap 87).
  return containsStart(body, SEALED, members.last('messages'))
}

/** The same bytes with another model. */
export function renameModel(body: Uint8Array, model: string): Uint8Array {
  return blameClient(JsonError, () => replaceSpans(body, scanObject(body).all('model'), JSON.stringify(model)))
}

const OPEN_BRACKET = 0x5b

function checkMessages(body: Uint8Array, span: Span | undefined): void {
  // A list may be long: it is not read, only seen to be one.
  if (span === undefined || body[span.start] !== OPEN_BRACKET) {
    expectArray(span === undefined ? undefined : readValue(body, span), 'messages')
  } else if (!isFilledList(body, span)) refuse('messages', 'expected at least one message')
}

function asksForThinking(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return value === true
  return 'type' in value && (value.type === 'enabled' || value.type === 'adaptive')
}
