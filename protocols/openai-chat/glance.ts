/** What routing must know of a request, read from its bytes, and the one change that a relayed request needs. */
import type { Glance } from '../codec.ts'
import { blameClient } from '../ir/blame-client.ts'
import { expectArray, expectBoolean, expectObject, expectString, optional } from '../ir/expect.ts'
import { containsToken, containsType } from '../json/contains.ts'
import { isFilledList } from '../json/is-filled-list.ts'
import { JsonError } from '../json/json-error.ts'
import { longStringBytes } from '../json/long-strings.ts'
import { readMember } from '../json/read-member.ts'
import { renameMembers } from '../json/rename-members.ts'
import { replaceSpans } from '../json/replace.ts'
import { scanObject } from '../json/scan.ts'

/** Shorter strings are words, whatever they look like. */
const SHORTEST_PAYLOAD_BYTES = 1_024

/** @throws ApiFailure `bad-request` for bytes that are no JSON object or lack what every request has. */
export function glanceAt(body: Uint8Array): Glance {
  return blameClient(JsonError, () => {
    const members = scanObject(body)
    const read = (name: string) => readMember(body, members, name)
    const messages = members.last('messages')
    if (messages === undefined || body[messages.start] !== 0x5b) expectArray(read('messages'), 'messages')
    const model = expectString(read('model'), 'model')
    const stream = optional(read('stream'), 'stream', expectBoolean) ?? false
    const holds = (type: string) => messages !== undefined && containsType(body, type, messages)
    return {
      model,
      stream,
      thinking: asksForThoughts(read),
      needs: {
        tools: isFilledList(body, members.last('tools')) || isFilledList(body, members.last('functions')),
        images: holds('image_url') || holds('input_image'),
        audio: holds('input_audio'),
        files:
          holds('file') ||
          holds('document_url') ||
          (messages !== undefined && containsToken(body, 'file_data', messages)),
      },
      textBytes: body.length - longStringBytes(body, SHORTEST_PAYLOAD_BYTES),
    }
  })
}

/** Where the model stands more than once, all are replaced: readers differ in which one counts. */
export function renameModel(
  body: Uint8Array,
  model: string,
  members: Readonly<Record<string, string>> = NO_RENAMES,
): Uint8Array {
  return blameClient(JsonError, () =>
    renameMembers(replaceSpans(body, scanObject(body).all('model'), JSON.stringify(model)), members),
  )
}

const NO_RENAMES = {}

function asksForThoughts(read: (name: string) => unknown): boolean {
  const effort = optional(read('reasoning_effort'), 'reasoning_effort', expectString)
  if (effort !== undefined && effort !== 'none') return true
  const reasoning = optional(read('reasoning'), 'reasoning', expectObject)
  if (reasoning !== undefined) return reasoning.enabled !== false && reasoning.effort !== 'none'
  const thinking = optional(read('thinking'), 'thinking', expectObject)
  if (thinking !== undefined) return thinking.type !== 'disabled'
  return optional(read('enable_thinking'), 'enable_thinking', expectBoolean) ?? false
}
