/** Gathers a legal stream into the whole answer that it tells. */
import type { ApiError } from './error.ts'
import type { PartDelta, PartHead, StreamEvent } from './event.ts'
import type { Part } from './part.ts'
import type { ChatResponse, Choice } from './response.ts'

export interface Collector {
  push(event: StreamEvent): void
  /** The answer once its terminal event came; an error when it broke off. */
  readonly result: { readonly response: ChatResponse } | { readonly error: ApiError } | undefined
}

type Mutable<Value> = { -readonly [Key in keyof Value]: Value[Key] }

/** Pieces of one part; joined once at its end, so that long texts cost linear time. */
interface Gathered {
  readonly head: PartHead
  readonly texts: string[]
  readonly args: string[]
  readonly last: Mutable<Pick<PartDelta, 'signature' | 'issuer' | 'encrypted'>>
  readonly citations: NonNullable<PartDelta['citation']>[]
}

/** Takes events from behind the grammar only. */
export function createCollector(): Collector {
  let response: Mutable<ChatResponse> = { id: '', model: '', choices: [] }
  let result: Collector['result']
  const parts = new Map<number, Part[]>()
  const open = new Map<number, Gathered>()
  const logprobs = new Map<number, NonNullable<Choice['logprobs']>[]>()

  const take: { readonly [Type in StreamEvent['type']]: (event: Extract<StreamEvent, { type: Type }>) => void } = {
    start({ type: _type, id, model, ...rest }) {
      response = { ...response, ...rest, id: id ?? '', model: model ?? '' }
    },
    'part-start'(event) {
      open.set(event.choice, { head: event.head, texts: [], args: [], last: {}, citations: [] })
    },
    'part-delta'({ choice, delta }) {
      const gathered = open.get(choice)
      if (gathered === undefined) return
      if (delta.text !== undefined) gathered.texts.push(delta.text)
      if (delta.arguments !== undefined) gathered.args.push(delta.arguments)
      if (delta.signature !== undefined) gathered.last.signature = delta.signature
      if (delta.issuer !== undefined) gathered.last.issuer = delta.issuer
      if (delta.encrypted !== undefined) gathered.last.encrypted = delta.encrypted
      if (delta.citation !== undefined) gathered.citations.push(delta.citation)
      if (delta.logprobs === undefined) return
      const list = logprobs.get(choice)
      if (list === undefined) logprobs.set(choice, [delta.logprobs])
      else list.push(delta.logprobs)
    },
    'part-end'({ choice }) {
      const gathered = open.get(choice)
      if (gathered === undefined) return
      open.delete(choice)
      const list = parts.get(choice)
      if (list === undefined) parts.set(choice, [finishPart(gathered)])
      else list.push(finishPart(gathered))
    },
    usage(event) {
      response.usage = event.usage
    },
    finish(event) {
      const choices = event.finishes.map(({ choice, ...finish }): Choice => {
        const choiceLogprobs = joinLogprobs(logprobs.get(choice) ?? [])
        return {
          index: choice,
          parts: parts.get(choice) ?? [],
          finish,
          ...(choiceLogprobs === undefined ? {} : { logprobs: choiceLogprobs }),
          ...(event.extra === undefined ? {} : { extra: event.extra }),
        }
      })
      result = { response: { ...response, choices } }
    },
    error(event) {
      result = { error: event.error }
    },
  }

  return {
    push(event) {
      // The table's row takes just this type of event, which the compiler cannot see through the union.
      take[event.type](event as never)
    },
    get result() {
      return result
    },
  }
}

function finishPart({ head, texts, args, last, citations }: Gathered): Part {
  const text = texts.join('')
  if (head.type === 'whole') return head.part
  if (head.type === 'text') return { ...head, text, ...last, ...(citations.length === 0 ? {} : { citations }) }
  if (head.type === 'tool-call') return { ...head, arguments: args.join(''), ...last }
  if (head.type === 'refusal') return { ...head, text }
  return { ...head, text, ...last }
}

/** Log probabilities come as lists in an object, a piece with each token: the lists of all pieces one after the other. */
function joinLogprobs(pieces: readonly NonNullable<Choice['logprobs']>[]): Choice['logprobs'] {
  const first = pieces[0]
  if (first === undefined) return undefined
  const joined: Record<string, unknown> = {}
  for (const { value } of pieces) {
    for (const [name, member] of Object.entries(value as object)) {
      const before = joined[name]
      if (!Array.isArray(member)) joined[name] ??= member
      else if (Array.isArray(before)) before.push(...member)
      else joined[name] = [...member]
    }
  }
  return { protocol: first.protocol, value: joined }
}
