/** Turns the text of a back end that has no tools into parts of text and calls of tools. */
import type { StreamEvent } from '../../protocols/ir/event.ts'
import { listLosses } from '../../protocols/ir/loss.ts'
import type { Tool, ToolChoice } from '../../protocols/ir/tool.ts'
import { demandsCall } from './demands-call.ts'
import { type ChoiceEar, createChoiceEar } from './listen-choice.ts'
import type { InvalidCall, Listener, ListenerOptions, Tally } from './listener.ts'
import { createToolBook } from './tools/tool-book.ts'

/**
 * Stands between a decoder and the stream grammar; for a whole answer, between `playResponse` and the grammar.
 * Text parts are read; everything else passes as it is. Events are told at once, but for what may be the beginning of a call.
 *
 * @param emit hears events as loose as those of a decoder: the grammar numbers parts, gives calls their ids and corrects the finish.
 */
export function createListener(options: ListenerOptions, emit: (event: StreamEvent) => void): Listener {
  const { losses, report } = listLosses()
  const invalidCalls: InvalidCall[] = []
  const ears = new Map<number, ChoiceEar>()
  const allowed = allowedTools(options.tools, options.toolChoice)
  const tools = createToolBook(allowed)
  const withheld = [...(options.withheld ?? []), ...options.tools.filter((tool) => !allowed.includes(tool))]
  const forbidden = createToolBook(withheld)
  // With nothing in it a book knows every name.
  const forbids = (name: string) => withheld.length > 0 && forbidden.find(name) !== undefined
  const usedIds = new Set(options.takenIds)
  const called = new Set<number>()

  function tell(event: StreamEvent): void {
    if (event.type === 'part-start' && event.head.type === 'tool-call') called.add(event.choice)
    emit(event)
  }

  function earOf(choice: number): ChoiceEar {
    let ear = ears.get(choice)
    if (ear === undefined) {
      ear = createChoiceEar({ choice, options, tools, forbids, usedIds, invalidCalls, report, emit: tell })
      ears.set(choice, ear)
    }
    return ear
  }

  function endAll(cutShort: boolean): void {
    for (const ear of ears.values()) ear.end(cutShort)
  }

  const take: { readonly [Type in StreamEvent['type']]: (event: Extract<StreamEvent, { type: Type }>) => void } = {
    start: emit,
    usage: emit,
    'part-start': ({ choice, part, head }) => earOf(choice).start(part, head),
    'part-delta': ({ choice, part, delta }) => earOf(choice).delta(part, delta),
    'part-end': ({ choice, part }) => earOf(choice).endPart(part),
    finish(event) {
      const finishes = event.finishes.map(({ stopSequence, ...finish }) => {
        earOf(finish.choice).end(finish.reason === 'length')
        const isMissing = demandsCall(options.toolChoice) && !called.has(finish.choice) && invalidCalls.length === 0
        if (isMissing) report(`choices.${finish.choice}`, 'no tool was called, though the request demands a call')
        const isOurs = stopSequence === undefined || options.stops?.includes(stopSequence) === true
        return isOurs ? finish : { ...finish, stopSequence }
      })
      emit({ ...event, finishes })
    },
    error(event) {
      endAll(true)
      emit(event)
    },
  }

  return {
    push(event) {
      // The table's row takes just this type of event, which the compiler cannot see through the union.
      take[event.type](event as never)
    },
    // Nobody has said why it ends: whoever was in the middle of a value was not done.
    end: () => endAll(true),
    losses,
    invalidCalls,
    get tally() {
      return sum([...ears.values()].map((ear) => ear.tally))
    },
  }
}

function sum(tallies: readonly Tally[]): Tally {
  const total = (name: keyof Tally) => tallies.reduce((units, tally) => units + tally[name], 0)
  return {
    text: total('text'),
    reasoning: total('reasoning'),
    calls: total('calls'),
    control: total('control'),
    cut: total('cut'),
  }
}

function allowedTools(tools: readonly Tool[], choice: ToolChoice | undefined): readonly Tool[] {
  return choice?.type === 'allowed' ? tools.filter(({ name }) => choice.names.includes(name)) : tools
}
