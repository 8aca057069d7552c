/** How a parser of tool calls is scored: text in pieces goes in, calls and the text around them come out. */
import { createCollector } from '../../protocols/ir/collect.ts'
import type { JsonObject } from '../../protocols/ir/extra.ts'
import { createGrammar } from '../../protocols/ir/grammar.ts'
import { DIALECT_NAMES, type DialectName } from '../../src/compat/dialect-name.ts'
import { createListener } from '../../src/compat/listen.ts'

export interface ScoredTool {
  readonly name: string
  readonly description?: string
  readonly parameters?: JsonObject
}

export interface ScoredInput {
  readonly dialect: DialectName
  readonly tools: readonly ScoredTool[]
  readonly chunks: readonly string[]
}

export interface ScoredCall {
  readonly name: string
  /** JSON text. */
  readonly arguments: string
}

export const dialects: readonly DialectName[] = DIALECT_NAMES

/** Goes the way of the gateway: listener, grammar, collector. */
export function parse({ dialect, tools, chunks }: ScoredInput): { calls: ScoredCall[]; text: string } {
  const collector = createCollector()
  const grammar = createGrammar({ id: 'score' }, (event) => collector.push(event))
  const listener = createListener({ dialect, tools: tools.map((tool) => ({ type: 'function', ...tool })) }, (event) =>
    grammar.push(event),
  )
  listener.push({ type: 'start', id: 'score', model: 'model' })
  listener.push({ type: 'part-start', part: 0, choice: 0, head: { type: 'text' } })
  for (const text of chunks) listener.push({ type: 'part-delta', part: 0, choice: 0, delta: { text } })
  // Some answers are nothing but reasoning or nothing at all: the grammar wants to hear that the model wrote something.
  listener.push({ type: 'usage', usage: { outputTokens: 1 } })
  listener.push({ type: 'finish', finishes: [{ choice: 0, reason: 'stop' }] })
  grammar.end()
  const { result } = collector
  if (result === undefined || 'error' in result) throw new Error(`no answer: ${JSON.stringify(result)}`)
  const parts = result.response.choices[0]?.parts ?? []
  return {
    calls: parts.flatMap((part) => (part.type === 'tool-call' ? [{ name: part.name, arguments: part.arguments }] : [])),
    text: parts.map((part) => (part.type === 'text' ? part.text : '')).join(''),
  }
}
