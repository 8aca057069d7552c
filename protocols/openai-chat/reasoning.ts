/**
 * The thoughts of an assistant message. Vendors spell them in five ways (Q26); three are members of the message and live
 * here: `reasoning_content`, `reasoning`, and the list `reasoning_details`, which alone carries proofs.
 */

import { defined } from '../ir/defined.ts'
import { expectArray, expectObject, expectString, optional } from '../ir/expect.ts'
import type { JsonObject } from '../ir/extra.ts'
import type { ReportLoss } from '../ir/loss.ts'
import type { OpaquePart, Part, ReasoningPart, ToolCallPart } from '../ir/part.ts'
import { createRest, giveBack, isOwn, isSpelled, type Kept, PROTOCOL, type Rest, spelledAfter } from './rest.ts'
import type { ReasoningDetail } from './wire.ts'

const MEMBERS = ['reasoning_content', 'reasoning'] as const
type Member = (typeof MEMBERS)[number]

/** Who issues what is written in a format, where the name of the format is not the name of the issuer. */
const ISSUERS: Readonly<Record<string, string>> = {
  'anthropic-claude-v1': 'anthropic',
  'openai-responses-v1': 'openai-responses',
  'azure-openai-responses-v1': 'openai-responses',
  'google-gemini-v1': 'gemini',
  'xai-responses-v1': 'xai',
}
const FORMATS: Readonly<Record<string, string>> = {
  anthropic: 'anthropic-claude-v1',
  'openai-responses': 'openai-responses-v1',
  gemini: 'google-gemini-v1',
  xai: 'xai-responses-v1',
}

/** Spelling of a part that stood in `reasoning_details`; what follows is the kind of detail. */
const DETAIL = 'detail:'
const FORMAT = 'format:'
const INDEX = 'index:'
/** The detail bore the proof only, and the text stood in another member. */
const BARE = 'bare'
const DETAIL_MEMBERS = new Set(['type', 'text', 'summary', 'data', 'signature', 'format', 'id', 'index'])

export interface DecodedReasoning {
  readonly parts: readonly (ReasoningPart | OpaquePart)[]
  /** Proofs of the thoughts that led to a call, by the call's id. */
  readonly callProofs: ReadonlyMap<string, ReasoningPart>
}

/** @param callIds ids of the message's calls: an encrypted detail that bears one of them belongs to that call. */
export function decodeReasoning(
  message: JsonObject,
  path: string,
  callIds: ReadonlySet<string>,
  rest: Rest,
): DecodedReasoning {
  const details = optional(message.reasoning_details, `${path}.reasoning_details`, expectArray)
  if (details?.length === 0) rest.spell('no-details')
  const callProofs = new Map<string, ReasoningPart>()
  const parts: (ReasoningPart | OpaquePart)[] = []
  for (const [index, value] of (details ?? []).entries()) {
    const part = decodeDetail(value, `${path}.reasoning_details.${index}`)
    const isProof = part.type === 'reasoning' && part.encrypted !== undefined && callIds.has(part.id ?? '')
    if (isProof) callProofs.set(part.id ?? '', part)
    else parts.push(part)
  }
  return { parts: addText(parts, readMembers(message, path), rest), callProofs }
}

function readMembers(message: JsonObject, path: string): ReadonlyMap<Member, string> {
  const texts = new Map<Member, string>()
  for (const member of MEMBERS) {
    const text = optional(message[member], `${path}.${member}`, expectString)
    if (text !== undefined) texts.set(member, text)
  }
  return texts
}

/** The members mostly repeat each other and the details: each text becomes a part once. */
function addText(
  parts: readonly (ReasoningPart | OpaquePart)[],
  texts: ReadonlyMap<Member, string>,
  rest: Rest,
): readonly (ReasoningPart | OpaquePart)[] {
  const first = [...texts.values()].find((text) => text !== '') ?? ''
  let said = joinTexts(parts)
  let all = parts
  if (said === '' && first !== '') {
    said = first
    const bare = parts.find((part) => part.type === 'reasoning' && part.signature !== undefined)
    if (bare?.type === 'reasoning') {
      const spelling = { protocol: PROTOCOL, form: `${bare.spelling?.form ?? ''} ${BARE}` }
      all = parts.map((part) => (part === bare ? { ...bare, text: first, spelling } : part))
    } else {
      all = [{ type: 'reasoning', text: first, ...createRest().kept() }, ...parts]
    }
  }
  for (const [member, text] of texts) {
    if (text === said) rest.spell(member)
    else rest.keep(member, text)
  }
  return all
}

function joinTexts(parts: readonly Part[]): string {
  return parts.map((part) => (part.type === 'reasoning' ? part.text : '')).join('')
}

/** One entry of `reasoning_details`; what is no known kind of thought is kept as it is. */
export function decodeDetail(value: unknown, path: string): ReasoningPart | OpaquePart {
  const detail = expectObject(value, path)
  const kind = optional(detail.type, `${path}.type`, expectString) ?? ''
  const rest = createRest()
  rest.spell(DETAIL + kind)
  const data = optional(detail.data, `${path}.data`, expectString)
  const text = optional(detail.text ?? detail.summary, `${path}.text`, expectString)
  if (data === undefined && text === undefined && typeof detail.signature !== 'string') {
    return { type: 'opaque', protocol: PROTOCOL, value: detail, ...rest.kept() }
  }
  const format = optional(detail.format, `${path}.format`, expectString)
  if (format !== undefined) rest.spell(FORMAT + format)
  if (typeof detail.index === 'number') rest.spell(INDEX + detail.index)
  rest.take(detail, DETAIL_MEMBERS)
  const signature = optional(detail.signature, `${path}.signature`, expectString)
  // An empty signature proves nothing (trap 88), but its place is remembered.
  if (signature === '') rest.keep('signature', '')
  const isProof = data !== undefined || (signature !== undefined && signature !== '')
  return defined<ReasoningPart>({
    type: 'reasoning',
    text: text ?? '',
    signature: signature === '' ? undefined : signature,
    encrypted: data,
    issuer: isProof ? issuerOf(format) : undefined,
    id: optional(detail.id, `${path}.id`, expectString),
    ...rest.kept(),
  })
}

export function issuerOf(format: string | undefined): string {
  if (format === undefined) return PROTOCOL
  return (Object.hasOwn(ISSUERS, format) ? ISSUERS[format] : undefined) ?? format
}

/** Tells whether a part was an entry of `reasoning_details`. */
export function isDetail(part: Part): boolean {
  return spelledAfter(part, DETAIL) !== undefined
}

/**
 * The entries of `reasoning_details` for a thought: one, or two where a part of it can be read and the rest is encrypted.
 *
 * @param index its place where it has none of its own.
 */
export function encodeDetails(
  part: ReasoningPart,
  index: number,
  path: string,
  report: ReportLoss,
): readonly ReasoningDetail[] {
  const whole = encodeDetail(part, index, path, report)
  if (part.encrypted === undefined || part.text === '' || isDetail(part)) return [whole]
  const { data: _data, signature: _signature, ...place } = whole
  return [{ ...place, type: 'reasoning.summary', summary: part.text }, whole]
}

function encodeDetail(part: ReasoningPart, index: number, path: string, report: ReportLoss): ReasoningDetail {
  const kind = spelledAfter(part, DETAIL) ?? (part.encrypted === undefined ? 'reasoning.text' : 'reasoning.encrypted')
  const place = spelledAfter(part, INDEX)
  const wire: ReasoningDetail = { type: kind }
  const isSeen = part.encrypted === undefined || (isDetail(part) && part.text !== '')
  if (part.encrypted !== undefined) wire.data = part.encrypted
  if (isSeen && kind === 'reasoning.summary') wire.summary = part.text
  else if (isSeen) wire.text = isSpelled(part, BARE) ? '' : part.text
  if (part.signature !== undefined) wire.signature = part.signature
  if (part.id !== undefined) wire.id = part.id
  const format = formatOf(part)
  if (format !== undefined) wire.format = format
  if (place !== undefined) wire.index = Number(place)
  else if (!isOwn(part)) wire.index = index
  giveBack(wire, part, path, report)
  return wire
}

function formatOf(part: ReasoningPart | ToolCallPart): string | undefined {
  const spelled = spelledAfter(part, FORMAT)
  if (spelled !== undefined || isDetail(part)) return spelled
  if (part.issuer === undefined || part.issuer === PROTOCOL) return undefined
  return FORMATS[part.issuer] ?? part.issuer
}

/** The proof that a call bears, as an entry that names the call. */
export function encodeCallProof(call: ToolCallPart, id: string): ReasoningDetail | undefined {
  if (call.signature === undefined) return undefined
  const format = formatOf(call)
  const place = spelledAfter(call, INDEX)
  return {
    type: 'reasoning.encrypted',
    data: call.signature,
    id,
    ...(format === undefined ? {} : { format }),
    ...(place === undefined ? {} : { index: Number(place) }),
  }
}

/** The members of the message in which its client told the thoughts as text. */
export function spelledMembers(message: Kept): readonly Member[] {
  return MEMBERS.filter((member) => isSpelled(message, member))
}
