/** The conversation, written for a back end. */
import type { ReportLoss } from '../ir/loss.ts'
import type { Message } from '../ir/message.ts'
import type { Part, ToolResultPart } from '../ir/part.ts'
import { encodeCall } from './calls.ts'
import { encodeImage } from './media.ts'
import { CONTENT, NAMED_BY } from './message-decode.ts'
import { giveBack, giveBackBlank, isOwn, noted, PROTOCOL } from './rest.ts'
import type { CallMessage, Said } from './wire.ts'

/** A part and where it stands. */
interface Placed<Kind extends Part = Part> {
  readonly part: Kind
  readonly path: string
}

/** Never changes `messages`. */
export function encodeMessages(messages: readonly Message[], report: ReportLoss): CallMessage[] {
  const written: CallMessage[] = []
  /** Answers of tools are told by the tool's name, which other protocols tell with the call only. */
  const names = new Map<string, string>()

  for (const [index, message] of messages.entries()) {
    const path = `messages.${index}`
    const placed = message.parts.map((part, place) => ({ part, path: `${path}.parts.${place}` }))
    for (const { part } of placed) if (part.type === 'tool-call') names.set(part.id, part.name)
    const results = placed.filter(isResult)
    for (const result of results) written.push(encodeResult(result, message, names, report))
    const others = placed.filter((one) => !isResult(one))
    if (results.length > 0 && others.length === 0) {
      if (message.role !== 'tool') giveBack({}, message, path, report)
      continue
    }
    const wire: CallMessage = { role: tellRole(message, path, report), ...gather(others, joint(message), report) }
    shapeContent(wire, message)
    giveBack(wire, message, path, report)
    giveBackBlank(wire, message)
    written.push(wire)
  }
  return written
}

function isResult(one: Placed): one is Placed<ToolResultPart> {
  return one.part.type === 'tool-result'
}

/** What a model said in several pieces is one text; what it was told are several. */
function joint(message: Message): string {
  return message.role === 'assistant' ? '' : '\n\n'
}

function tellRole(message: Message, path: string, report: ReportLoss): string {
  if (message.role !== 'developer' || isOwn(message)) return message.role === 'tool' ? 'user' : message.role
  report(`${path}.role`, 'told as system: Ollama has no role developer', 'changed')
  return 'system'
}

/** Leaves out an empty text that the client had left out. */
function shapeContent(wire: CallMessage, message: Message): void {
  const spelled = noted(message, CONTENT)
  if (spelled === undefined || wire.content !== '') return
  delete wire.content
  if (spelled === 'null') Object.assign(wire, { content: null })
}

type Gathered = Said & { content: string }

/** How each kind of part is told, as the message has a member for each. */
type Adder<Type extends Part['type']> = (
  part: Extract<Part, { type: Type }>,
  path: string,
  wire: Gathered,
  report: ReportLoss,
) => string | undefined

/** Each returns what it adds to the text. */
const ADDERS: { readonly [Type in Part['type']]: Adder<Type> } = {
  text(part, path, _wire, report) {
    if (part.signature !== undefined) report(`${path}.signature`, 'Ollama has no signatures on text')
    if (part.citations !== undefined && part.citations.length > 0)
      report(`${path}.citations`, 'a text of the history bears no citations')
    return part.text
  },
  image(part, path, wire, report) {
    const image = encodeImage(part, path, report)
    if (image !== undefined) wire.images = [...(wire.images ?? []), image]
    return undefined
  },
  audio(part, path, _wire, report) {
    if (part.transcript !== undefined) {
      report(path, 'a sound is told by its transcript', 'changed')
      return part.transcript
    }
    report(path, 'Ollama takes no sounds')
    return undefined
  },
  file(part, path, _wire, report) {
    if (part.source.type !== 'text') {
      report(path, 'Ollama takes no documents but plain text')
      return undefined
    }
    report(path, 'a document in plain text is told as text', 'changed')
    return part.filename === undefined ? part.source.text : `${part.filename}\n\n${part.source.text}`
  },
  reasoning(part, path, wire, report) {
    if (part.signature !== undefined) report(`${path}.signature`, 'Ollama has no signatures on thoughts')
    if (part.encrypted !== undefined) report(`${path}.encrypted`, 'only its issuer can read this thought')
    if (part.text !== '') wire.thinking = `${wire.thinking ?? ''}${part.text}`
    return undefined
  },
  refusal(part, path, _wire, report) {
    report(path, 'a refusal is told as text', 'changed')
    return part.text
  },
  'tool-call'(part, path, wire, report) {
    wire.tool_calls = [...(wire.tool_calls ?? []), encodeCall(part, path, report)]
    return undefined
  },
  'tool-result': () => undefined,
  opaque(part, path, _wire, report) {
    report(path, `only ${part.protocol === PROTOCOL ? 'a later version' : part.protocol} has such a block`)
    return undefined
  },
}

function gather(placed: readonly Placed[], separator: string, report: ReportLoss): Gathered {
  const wire: Gathered = { content: '' }
  const texts: string[] = []
  for (const { part, path } of placed) {
    // The row is the one of this part's own type, which the compiler cannot see through the union.
    const add = ADDERS[part.type] as Adder<Part['type']>
    const text = add(part, path, wire, report)
    if (text !== undefined) texts.push(text)
    reportMarks(part, path, report)
  }
  wire.content = texts.join(separator)
  return wire
}

/** What any part may bear, and this wire has no place for. */
function reportMarks(part: Part, path: string, report: ReportLoss): void {
  if (part.cache !== undefined) report(`${path}.cache`, 'Ollama caches by itself and reads no marks')
  if (part.extra !== undefined && part.type !== 'tool-call') giveBack({}, part, path, report)
}

/** Pictures stay in the answer of the tool: every message may hold some (Q34). */
function encodeResult(
  { part, path }: Placed<ToolResultPart>,
  message: Message,
  names: ReadonlyMap<string, string>,
  report: ReportLoss,
): CallMessage {
  const content = part.content.map((one, place) => ({ part: one, path: `${path}.content.${place}` }))
  const wire: CallMessage = { role: 'tool', ...gather(content, '\n', report) }
  if (part.isError === true) report(`${path}.isError`, 'a tool message cannot say that the tool failed')
  reportMarks(part, path, report)
  // A client's own message holds one result, and its spelling tells which members named the call.
  const members = message.role === 'tool' ? noted(message, NAMED_BY) : undefined
  const name = part.name ?? names.get(part.callId)
  const written = members === undefined ? ['tool_name', 'tool_call_id'] : members.split(',')
  if (written.includes('tool_name') && name !== undefined) wire.tool_name = name
  if (written.includes('name') && name !== undefined) wire.name = name
  if (written.includes('tool_call_id')) wire.tool_call_id = part.callId
  if (message.role !== 'tool') return wire
  shapeContent(wire, message)
  giveBack(wire, message, path, report)
  giveBackBlank(wire, message)
  return wire
}
