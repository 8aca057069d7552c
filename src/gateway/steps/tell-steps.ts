/** Has a model answer, and go on as long as there is reason to, as one answer for the client. */
import { createCollector } from '../../../protocols/ir/collect.ts'
import type { StreamEvent } from '../../../protocols/ir/event.ts'
import { listLosses } from '../../../protocols/ir/loss.ts'
import type { InvalidCall } from '../../compat/listener.ts'
import type { UpstreamAnswer } from '../../upstream/upstream.ts'
import { kindOfAnswer } from '../answer-kind.ts'
import type { Exchange } from '../exchange.ts'
import { toFailure } from '../failure.ts'
import type { GatewayContext } from '../gateway-context.ts'
import { type Hearing, hearAnswer } from '../hear-answer.ts'
import type { Plan } from '../plan.ts'
import { readFailure } from '../upstream-failure.ts'
import { joinSteps } from './join-steps.ts'
import { tellInvalid } from './tell-invalid.ts'

export interface Telling extends Hearing {
  readonly exchange: Exchange
  readonly context: Pick<GatewayContext, 'upstream'>
  /** Whether the answer is asked for as a stream. */
  readonly form: 'whole' | 'stream'
}

/** @throws ApiFailure for a first answer that is none. Whatever goes wrong later is told as an `error` event. */
export async function tellAnswer(plan: Plan, answer: UpstreamAnswer, telling: Telling): Promise<void> {
  const { record } = telling.exchange
  const { goesOn } = plan
  if (goesOn === undefined) {
    const { losses } = await hearAnswer(answer, plan, telling)
    record.losses.push(...losses)
    return
  }
  await tellSteps(plan, answer, goesOn, telling)
}

async function tellSteps(
  first: Plan,
  answer: UpstreamAnswer,
  { continuation, plan: planNext }: NonNullable<Plan['goesOn']>,
  telling: Telling,
): Promise<void> {
  const { exchange, context, form } = telling
  const { signal } = exchange.abort
  const joiner = joinSteps(telling.take, (name) => continuation.hides(name))
  let plan = first
  let given = answer
  let { kind } = telling
  /** What the client gets of the last answer if the model cannot be asked again. */
  let held: readonly InvalidCall[] = []

  function end(): void {
    const { called = new Map() } = plan
    exchange.record.losses.push(...tellInvalid(held, { id: `${telling.id}_held`, called, push: joiner.push }))
    joiner.end()
  }

  for (let number = 1; ; number++) {
    const collector = createCollector()
    const take = (event: StreamEvent): boolean => {
      collector.push(event)
      return joiner.push(event)
    }
    try {
      held = []
      // Calls that a model does not name itself are named apart in each of its answers.
      const id = number === 1 ? telling.id : `${telling.id}_${number}`
      const { losses, invalidCalls } = await hearAnswer(given, plan, { ...telling, id, kind, take })
      exchange.record.losses.push(...losses)
      const { result } = collector
      if (result === undefined || 'error' in result) return
      const { request = unplanned() } = plan
      held = invalidCalls
      const { losses: hidden, report } = listLosses()
      const step = { request, response: result.response, invalidCalls, number, report }
      const next = await continuation.next(step, signal)
      exchange.record.losses.push(...hidden)
      if (next === undefined) {
        end()
        return
      }
      plan = planNext(next)
      given = await context.upstream.send(plan.call, signal)
      if (given.status >= 400) throw await readFailure(given, plan.codec, plan.target)
      kind = kindOfAnswer(given, plan.codec, form)
    } catch (error) {
      if (number === 1 && plan === first) throw error
      if (held.length > 0 && !signal.aborted) end()
      else joiner.fail(toFailure(error).error)
      return
    }
  }
}

function unplanned(): never {
  throw new Error('an answer of a relayed call cannot go on')
}
