/** What a tool answered: an object `functionResponse.response` on the wire, content in the interlingua. */
import { expectArray, expectObject } from '../ir/expect.ts'
import type { JsonObject } from '../ir/extra.ts'
import type { ReportLoss } from '../ir/loss.ts'
import type { ToolResultContent, ToolResultPart } from '../ir/part.ts'
import { createKeeper, giveBack, isSpelled, type Keeper, PROTOCOL, spelledAfter } from './keep.ts'
import { readInline, readRemote, writeMedia } from './media.ts'

/**
 * Members in which clients wrap a result (K72). The API itself knows `output` and `error`, and takes the whole object for
 * the result where neither is there. Of `wrap:<member>`, `json` says that it was no text, `named` that the name stood beside it.
 *
 * @see https://ai.google.dev/api/caching#FunctionResponse
 */
const WRAPS = ['output', 'result', 'content', 'error'] as const
const WRAP = 'wrap:'

export interface ReadResult {
  readonly content: readonly ToolResultContent[]
  readonly isError?: boolean
}

/** @param name of the function; some clients repeat it inside. @param path of the `functionResponse`. */
export function readResult(fields: JsonObject, name: string | undefined, path: string, keeper: Keeper): ReadResult {
  const media = fields.parts === undefined ? [] : readParts(fields.parts, `${path}.parts`, keeper)
  if (fields.response === undefined) {
    keeper.spell('no-response')
    return { content: media }
  }
  const response = expectObject(fields.response, `${path}.response`)
  const wrap = findWrap(response, name)
  const value = wrap === undefined ? response : response[wrap.member]
  const isText = typeof value === 'string'
  keeper.spell(`${WRAP}${wrap?.member ?? ''}${wrap?.named === true ? ',named' : ''}${isText ? '' : ',json'}`)
  const text: ToolResultContent = { type: 'text', text: isText ? value : JSON.stringify(value) }
  return { content: [text, ...media], ...(wrap?.member === 'error' ? { isError: true } : {}) }
}

function findWrap(response: JsonObject, name: string | undefined) {
  const names = Object.keys(response)
  const member = WRAPS.find((one) => Object.hasOwn(response, one))
  if (member === undefined) return undefined
  if (names.length === 1) return { member, named: false }
  return names.length === 2 && name !== undefined && response.name === name ? { member, named: true } : undefined
}

const RESULT_PART = new Set(['inlineData', 'fileData'])

function readParts(value: unknown, path: string, keeper: Keeper): ToolResultContent[] {
  keeper.spell('parts')
  return expectArray(value, path).map((one, index): ToolResultContent => {
    const place = `${path}.${index}`
    const own = createKeeper()
    const part = own.read(expectObject(one, place), RESULT_PART)
    if (part.inlineData !== undefined)
      return { ...readInline(part.inlineData, `${place}.inlineData`, own), ...own.kept() }
    if (part.fileData !== undefined) return { ...readRemote(part.fileData, `${place}.fileData`, own), ...own.kept() }
    return { type: 'opaque', protocol: PROTOCOL, value: one }
  })
}

export interface WrittenResult {
  readonly response?: JsonObject
  /** Pictures and the like, to be put where the model takes them. */
  readonly media: readonly Record<string, unknown>[]
}

/** @param path of the part. */
export function writeResult(part: ToolResultPart, path: string, report: ReportLoss): WrittenResult {
  const texts: string[] = []
  const media: Record<string, unknown>[] = []
  for (const [index, item] of part.content.entries()) {
    const place = `${path}.content.${index}`
    if (item.type === 'text') texts.push(item.text)
    else if (item.type === 'opaque') {
      // What this codec made opaque was such a part.
      if (item.protocol === PROTOCOL) media.push({ ...(item.value as Record<string, unknown>) })
      else report(place, `only ${item.protocol} understands this block`)
    } else {
      const written = writeMedia(item, isSpelled(item, 'no-type'))
      if ('lost' in written) report(place, written.lost)
      else {
        giveBack(written.part, item, place, report)
        media.push(written.part)
      }
    }
  }
  if (isSpelled(part, 'no-response')) return { media }
  return { response: wrapText(part, texts.join('\n')), media }
}

function wrapText(part: ToolResultPart, text: string): JsonObject {
  const [member, ...words] = spelledAfter(part, WRAP)?.split(',') ?? []
  if (member === undefined) return part.isError === true ? { error: text } : { output: text }
  const value = words.includes('json') ? parseObject(text) : text
  if (value === undefined) return { output: text }
  // The whole object was the result, so that its JSON is an object again.
  if (member === '') return value as JsonObject
  return { ...(words.includes('named') ? { name: part.name } : {}), [member]: value }
}

function parseObject(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
