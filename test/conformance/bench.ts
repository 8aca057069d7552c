/** One back end, one gateway before it, and any client that comes: tries scenarios one after the other. */
import { expect } from 'chai'
import { type BackEnd, configFor } from '../clients/back-ends.ts'
import type { Closing } from '../support/close-all.ts'
import { RESET, type Script, startFakeProvider } from '../support/fake-provider.ts'
import { startGateway } from '../support/gateway.ts'
import { checkLosses } from './check-losses.ts'
import { checkReport } from './check-report.ts'
import { checkSent } from './check-sent.ts'
import type { Client, Session } from './clients/client.ts'
import { excuseOf, type NotByNature } from './not-by-nature.ts'
import type { Scenario } from './scenario.ts'

const KEY = 'sk-conformance-client'
/** What the alias that clients ask for stands for. */
const UPSTREAM_MODEL = 'acme-large'

export interface Run {
  /** Why it cannot work. */
  readonly excuse?: NotByNature
  /** Paths of what was reported as lost. */
  readonly lost: readonly string[]
}

export interface Bench {
  /** @throws AssertionError and what SDKs throw. */
  run(client: Client, scenario: Scenario, stream: boolean): Promise<Run>
}

export async function startBench(closing: Closing, backEnd: BackEnd): Promise<Bench> {
  let answer: (request: any) => Script = () => ({ kind: 'answer' })
  const provider = closing.add(await startFakeProvider((request) => answer(request)), (fake) => fake.close())
  const gateway = await startGateway(closing, configFor(backEnd.protocol, provider.url))
  const sessions = new Map<Client, Session>()
  let exchanges = 0

  const sessionOf = (client: Client): Session => {
    const session = sessions.get(client) ?? client.connect(`${gateway.url}/team`, KEY)
    sessions.set(client, session)
    return session
  }

  return {
    async run(client, scenario, stream) {
      const { ask, said, refusal, name } = scenario
      const excuse = excuseOf(client.protocol, backEnd.protocol, name)
      if (excuse !== undefined && excuse.backEnds === undefined) return { excuse, lost: [] }
      answer = answererOf(backEnd, scenario)
      const before = provider.requests.length
      const session = sessionOf(client)
      const asked = stream ? session.stream(ask) : session.plain(ask)
      const outcome = await asked.then(
        (report) => ({ report }),
        (error: unknown) => ({ error }),
      )
      const exchange = await gateway.exchange(exchanges++)
      const lost: string[] = (exchange.losses ?? []).map(({ path }: { path: string }) => path)
      if (excuse !== undefined) {
        const { told } = excuse
        const isTold = told === undefined || 'error' in outcome || lost.some((path) => path.endsWith(told))
        expect(isTold, `told of ${told}, not only of ${lost}`).to.equal(true)
        return { excuse, lost }
      }
      if (refusal !== undefined) {
        if ('report' in outcome) throw new Error('no error was told')
        const failure = client.failureOf(outcome.error)
        expect(failure.status, 'status').to.equal(refusal.seen ?? refusal.status)
        expect(failure.message, 'message').to.contain(refusal.message)
        return { lost }
      }
      if (scenario.breaksOff === true && stream) {
        expect('error' in outcome, 'an error was told').to.equal(true)
        return { lost }
      }
      if ('error' in outcome) throw outcome.error
      checkReport(outcome.report, said, client)
      const came = await provider.request(before)
      checkSent(came, ask, UPSTREAM_MODEL, { client: client.protocol, backEnd: backEnd.protocol, stream })
      checkLosses(lost, scenario, client.protocol !== backEnd.protocol)
      expect(JSON.stringify(came.rawHeaders), "the client's key").to.not.contain(KEY)
      return { lost }
    },
  }
}

function answererOf(backEnd: BackEnd, { said, refusal, breaksOff }: Scenario): (request: any) => Script {
  if (refusal !== undefined) return () => backEnd.fail(refusal.status, refusal.message)
  const answer = backEnd.answer(said)
  if (breaksOff !== true) return answer
  return (request) => {
    const script = answer(request)
    if (script.kind !== 'stream') return script
    return { ...script, steps: [...script.steps.slice(0, Math.ceil(script.steps.length / 2)), RESET] }
  }
}
