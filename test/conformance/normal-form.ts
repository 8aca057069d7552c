/** Two ways of asking the same thing look alike here: neighbours merged, ids counted, what says nothing left out. */
import type { Ask, Call, Result, Turn } from './ask.ts'

/** @returns plain data for a deep comparison; absent members are left out. */
export function normalForm(ask: Ask): Record<string, unknown> {
  const turns = ask.turns.reduce<Turn[]>(merge, [])
  const calls = turns.flatMap((turn) => (turn.role === 'assistant' ? (turn.calls ?? []) : []))
  const unanswered = new Set(calls)
  const pair = (result: Result): { call?: number } => {
    const isIt = (call: Call) => (result.id ? call.id === result.id : call.name === result.name)
    const call = [...unanswered].find(isIt)
    if (call === undefined) return { ...result, call: -1 }
    unanswered.delete(call)
    return filled({
      call: calls.indexOf(call),
      name: call.name,
      text: result.text,
      isError: result.isError === true ? true : undefined,
    })
  }
  const { choice, parallel, model: _model, ...rest } = ask
  return filled({
    ...rest,
    turns: turns.map((turn) => {
      if (turn.role === 'tool') return { role: 'tool', results: turn.results.map(pair).sort(byCall) }
      const text = turn.text === '' ? undefined : turn.text
      if (turn.role === 'user') return filled({ ...turn, text, images: notEmpty(turn.images) })
      const numbered = turn.calls?.map((call) => ({ call: calls.indexOf(call), name: call.name, input: call.input }))
      return filled({ ...turn, text, calls: notEmpty(numbered) })
    }),
    // What every protocol means when nothing is said.
    choice: choice === 'auto' ? undefined : choice,
    parallel: parallel === true ? undefined : parallel,
    tools: ask.tools?.map(filled),
  })
}

/** Results are told apart by their calls: their order says nothing. */
function byCall(one: { call?: number }, other: { call?: number }): number {
  return (one.call ?? -1) - (other.call ?? -1)
}

function merge(turns: readonly Turn[], turn: Turn): Turn[] {
  const before = turns.at(-1)
  const others = turns.slice(0, -1)
  if (before?.role === 'tool' && turn.role === 'tool')
    return [...others, { role: 'tool', results: [...before.results, ...turn.results] }]
  if (before?.role === 'user' && turn.role === 'user')
    return [
      ...others,
      {
        role: 'user',
        text: (before.text ?? '') + (turn.text ?? ''),
        images: [...(before.images ?? []), ...(turn.images ?? [])],
      },
    ]
  if (before?.role === 'assistant' && turn.role === 'assistant')
    return [
      ...others,
      {
        role: 'assistant',
        text: (before.text ?? '') + (turn.text ?? ''),
        calls: [...(before.calls ?? []), ...(turn.calls ?? [])],
      },
    ]
  return [...turns, turn]
}

function notEmpty<Item>(items: readonly Item[] | undefined): readonly Item[] | undefined {
  return items?.length === 0 ? undefined : items
}

function filled(object: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined))
}
