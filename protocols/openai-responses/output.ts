/** What an answer says, written as items for a client: pieces that a whole answer and a stream have in common. */
import type { ReplyContext } from '../codec.ts'
import { type Extra, loseExtra } from '../ir/extra.ts'
import { type Logprobs, readTokens } from '../ir/logprobs.ts'
import type { ReportLoss } from '../ir/loss.ts'
import type { Citation, OpaquePart, Part, ReasoningPart, ToolCallPart } from '../ir/part.ts'
import type { Kept } from '../ir/rest.ts'
import { encodeCitation } from './citations.ts'
import { isObject } from './is-object.ts'
import { notedId } from './item-notes.ts'
import { type NotedTool, readNotes } from './notes.ts'
import { encodeReasoning } from './reasoning.ts'
import { giveBack, PROTOCOL } from './rest.ts'
import { SEARCH_CALL } from './tool-search.ts'
import type { ContentPart, Item } from './wire.ts'

export type ItemStatus = 'in_progress' | 'completed' | 'incomplete'

export interface OutputContext {
  readonly reply: ReplyContext
  readonly report: ReportLoss
  /** Tools of the request whose name does not say all, by their names in the interlingua. */
  readonly tools: Readonly<Record<string, NotedTool>>
}

export function createOutputContext(reply: ReplyContext, report: ReportLoss): OutputContext {
  const { tools } = readNotes(reply.spelling === undefined ? {} : { spelling: reply.spelling })
  return { reply, report, tools }
}

/** The item's own id, or one made of the exchange and the item's place: the same in every event of it (trap 139). */
export function nameItem(kind: string, index: number, { reply }: OutputContext, part: Kept = {}): string {
  return notedId(part) ?? `${kind}_${reply.id}_${index}`
}

export function writeMessage(id: string, status: ItemStatus, content: readonly ContentPart[], first: Kept): Item {
  const item: Item = { id, type: 'message', role: 'assistant', status, content: [...content] }
  // Only what was kept of the message: its parts have given back their own.
  giveBack({}, first, '', () => {}, { message: item })
  return item
}

export function writeText(
  text: string,
  citations: readonly Citation[],
  logprobs: readonly unknown[],
  path: string,
  report: ReportLoss,
): ContentPart {
  const annotations = citations.flatMap(
    (one, index) => encodeCitation(one, text.length, `${path}.citations.${index}`, report) ?? [],
  )
  return { type: 'output_text', text, annotations, logprobs: [...logprobs] }
}

/** A list for the tokens of a text; empty, and a report, for a form that only another protocol has. */
export function readLogprobs(logprobs: Logprobs | undefined, report: ReportLoss): readonly unknown[] {
  if (logprobs === undefined) return []
  const list = isObject(logprobs.value) ? logprobs.value.content : undefined
  if (logprobs.protocol === PROTOCOL && Array.isArray(list)) return list
  const tokens = readTokens(logprobs, 'choices.0', report)
  if (tokens === undefined) report('choices.0.logprobs', 'written in a form of another protocol')
  return tokens ?? []
}

/** A call as the client's own request declared the tool: in its group, with raw text instead of an object (traps 46, 47). */
export interface WrittenCall {
  readonly isFreeform: boolean
  readonly name: string
  readonly namespace?: string
  /** The back end knows no tools that take raw text: it stands in the member of an object. */
  readonly isWrapped: boolean
  /** The client looks tools up. */
  readonly isSearch: boolean
}

export function nameCall(
  call: Pick<ToolCallPart, 'name' | 'namespace' | 'freeform'>,
  { tools }: OutputContext,
): WrittenCall {
  const known = Object.hasOwn(tools, call.name) ? tools[call.name] : undefined
  const namespace = call.namespace ?? known?.namespace
  const isFreeform = call.freeform ?? known?.freeform ?? false
  return {
    isFreeform,
    name: known?.name ?? call.name,
    ...(namespace === undefined ? {} : { namespace }),
    isWrapped: isFreeform && call.freeform !== true,
    isSearch: known?.search ?? false,
  }
}

/** @param args complete JSON text, or the raw text of a tool that takes one. */
export function writeCall(
  id: string,
  callId: string,
  call: WrittenCall,
  args: string,
  status: ItemStatus,
  kept: { readonly extra?: Extra },
  path: string,
  report: ReportLoss,
): Item {
  if (call.isSearch) {
    const item: Item = {
      id,
      type: SEARCH_CALL,
      status,
      call_id: callId,
      execution: 'client',
      arguments: readObject(args),
    }
    giveBack(item, kept, path, report)
    return item
  }
  const item: Item = {
    id,
    type: call.isFreeform ? 'custom_tool_call' : 'function_call',
    status,
    ...(call.isFreeform ? { input: args } : { arguments: args }),
    call_id: callId,
    name: call.name,
    ...(call.namespace === undefined ? {} : { namespace: call.namespace }),
  }
  giveBack(item, kept, path, report)
  return item
}

/** Arguments that were cut are none. */
function readObject(args: string): unknown {
  try {
    return JSON.parse(args)
  } catch {
    return {}
  }
}

export function writeThought(
  part: ReasoningPart,
  id: string,
  status: string | undefined,
  path: string,
  report: ReportLoss,
): Item {
  const item = encodeReasoning(part, id, path, report)
  item.summary ??= []
  // Null stands in what a client sends back; an answer leaves it out.
  if (item.content === null) delete item.content
  return status === undefined ? item : { ...item, status }
}

/** A part that is neither text, thought nor call: an item, or what can be said of it in words. */
export function writeWhole(part: Part, id: string, path: string, report: ReportLoss): Item | undefined {
  if (part.type === 'opaque') return writeOpaque(part, path, report)
  loseExtra(part.extra, path, report)
  if (part.type === 'image' && part.source.type === 'base64') {
    return { type: 'image_generation_call', id, status: 'completed', result: part.source.data }
  }
  if (part.type === 'audio' && part.transcript !== undefined) {
    report(path, 'sound is told as its transcript', 'changed')
    const content = [writeText(part.transcript, [], [], path, report)]
    return writeMessage(id, 'completed', content, {})
  }
  report(path, 'an answer of the Responses API cannot hold it')
  return undefined
}

function writeOpaque(part: OpaquePart, path: string, report: ReportLoss): Item | undefined {
  // What this codec made opaque was an item.
  if (part.protocol === PROTOCOL) return part.value as Item
  report(path, `only ${part.protocol} has such a block`)
  return undefined
}
