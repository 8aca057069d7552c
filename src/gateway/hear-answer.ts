/** Hears one answer of a back end as legal events, however it came and however its calls are written. */
import type { StreamEvent } from '../../protocols/ir/event.ts'
import { createGrammar } from '../../protocols/ir/grammar.ts'
import { playResponse } from '../../protocols/ir/play.ts'
import { createCallRestorer } from '../../protocols/ir/restore-calls.ts'
import type { UpstreamAnswer } from '../upstream/upstream.ts'
import type { AnswerKind } from './answer-kind.ts'
import { type Heard, PLAIN_LISTENING } from './listening.ts'
import type { Plan } from './plan.ts'
import { readEvents } from './read-events.ts'
import { readWhole } from './read-response.ts'

export interface Hearing {
  readonly kind: AnswerKind
  /** Seed of ids for calls that the back end does not name. */
  readonly id: string
  readonly graceMs: number
  /** Hears the events at once, calls named as the client knows them. Returns false to have the upstream wait. */
  readonly take: (event: StreamEvent) => boolean
}

/** @throws ApiFailure for a whole answer that is none; a stream that breaks ends with an `error` event. */
export async function hearAnswer({ body }: UpstreamAnswer, plan: Plan, hearing: Hearing): Promise<Heard> {
  const { codec, target, called } = plan
  const { facts } = target
  const take = called === undefined ? hearing.take : createCallRestorer(called, hearing.take)
  if (hearing.kind === 'stream') {
    const { id, graceMs } = hearing
    return await readEvents(body, { codec, facts, id, graceMs, take, listen: plan.listen ?? PLAIN_LISTENING })
  }
  const read = await readWhole(body, codec, { facts })
  if (plan.listen === undefined) {
    playResponse(read.response, take)
    return { losses: read.losses, invalidCalls: [] }
  }
  const grammar = createGrammar({ id: hearing.id }, take)
  const listening = plan.listen((event) => grammar.push(event))
  playResponse(read.response, (event) => listening.push(event))
  listening.end()
  grammar.end()
  return { losses: [...read.losses, ...listening.losses, ...grammar.losses], invalidCalls: listening.invalidCalls }
}
