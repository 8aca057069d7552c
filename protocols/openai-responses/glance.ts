/** What routing must know of a request, read from its bytes, and the one change that a relayed request needs. */
import type { Glance, WireRequest } from '../codec.ts'
import { blameClient } from '../ir/blame-client.ts'
import { expectArray, expectBoolean, expectObject, expectString, optional, refuse } from '../ir/expect.ts'
import { SEALED } from '../ir/seal.ts'
import { containsStart, containsType } from '../json/contains.ts'
import { isFilledList } from '../json/is-filled-list.ts'
import { JsonError } from '../json/json-error.ts'
import { longStringBytes } from '../json/long-strings.ts'
import { readMember } from '../json/read-member.ts'
import { replaceSpans } from '../json/replace.ts'
import { scanObject } from '../json/scan.ts'
import { readValue, type Span } from '../json/span.ts'
import { isCompaction } from './compact-path.ts'

/** Shorter strings are words, whatever they look like. */
const SHORTEST_PAYLOAD_BYTES = 1_024

const QUOTE = 0x22
const BRACKET = 0x5b

/** @throws ApiFailure `bad-request` for bytes that are no JSON object or lack what every request has. */
export function glanceAt(wire: WireRequest, body: Uint8Array): Glance {
  return blameClient(JsonError, () => {
    const members = scanObject(body)
    const read = (name: string) => readMember(body, members, name)
    const model = expectString(read('model'), 'model')
    const input = members.last('input')
    checkInput(body, input, read)
    const stream = optional(read('stream'), 'stream', expectBoolean) ?? false
    const holds = (type: string) => input !== undefined && containsType(body, type, input)
    return {
      model,
      // A conversation is made short in one piece.
      stream: stream && !isCompaction(wire),
      thinking: asksForThoughts(read('reasoning')),
      needs: {
        tools: isFilledList(body, members.last('tools')) || holds('additional_tools'),
        images: holds('input_image'),
        audio: holds('input_audio'),
        files: holds('input_file'),
      },
      ...readPrevious(read('previous_response_id')),
      // A proof that another issuer gave for a thought: the API would refuse it (trap 87).
      ...(input !== undefined && containsStart(body, SEALED, input) ? { irregular: true } : {}),
      textBytes: body.length - longStringBytes(body, SHORTEST_PAYLOAD_BYTES),
    }
  })
}

function readPrevious(value: unknown): Pick<Glance, 'previous'> {
  const previous = optional(value, 'previous_response_id', expectString)
  return previous === undefined ? {} : { previous }
}

/** Where the model stands more than once, all are replaced: readers differ in which one counts. */
export function renameModel(body: Uint8Array, model: string): Uint8Array {
  return blameClient(JsonError, () => replaceSpans(body, scanObject(body).all('model'), JSON.stringify(model)))
}

/** Members that stand in for an input, for servers that keep something. */
const STORED = ['prompt', 'previous_response_id', 'conversation']

function checkInput(body: Uint8Array, input: Span | undefined, read: (name: string) => unknown): void {
  const first = input === undefined ? undefined : body[input.start]
  if (first === QUOTE || first === BRACKET) return
  const value = input === undefined ? undefined : readValue(body, input)
  if (value === undefined || value === null) {
    if (STORED.some((name) => (read(name) ?? null) !== null)) return
    expectArray(undefined, 'input')
  }
  refuse('input', 'expected a string or an array')
}

function asksForThoughts(value: unknown): boolean {
  const reasoning = optional(value, 'reasoning', expectObject)
  if (reasoning === undefined || reasoning.effort === 'none') return false
  return (reasoning.effort ?? reasoning.summary ?? null) !== null
}
