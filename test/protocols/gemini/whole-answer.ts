/** Whole answers, read and written. */
import { gemini } from '../../../protocols/gemini/index.ts'
import type { ChatResponse, Choice } from '../../../protocols/ir/response.ts'
import { freeze, REPLY, sketchLosses } from './exchange.ts'

export const decode = (body: unknown, facts = {}): ChatResponse => gemini.response.decode(body, { facts }).value

export const candidate = (parts: readonly object[], more: object = {}) => ({
  content: { parts, role: 'model' },
  ...more,
})

export const answer = (parts: readonly object[], more: object = {}, beside: object = {}) =>
  decode({ candidates: [candidate(parts, more)], ...beside })

export function encode(choice: Partial<Choice>, beside: Partial<ChatResponse> = {}) {
  const choices = [{ index: 0, parts: [], finish: { reason: 'stop' as const }, ...choice }]
  const { body, losses } = gemini.response.encode(freeze({ id: 'r1', model: 'm', choices, ...beside }), REPLY)
  const told = JSON.parse(JSON.stringify(body))
  return { body: told, first: told.candidates?.[0], losses: sketchLosses(losses) }
}
