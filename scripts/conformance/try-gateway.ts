/** What can be asked of any gateway, whatever stands behind it: prints which client got what. */
import { CLIENTS } from '../../test/conformance/clients/all.ts'
import type { Client, Report, Session } from '../../test/conformance/clients/client.ts'
import { MODEL, SCENARIOS } from '../../test/conformance/scenarios.ts'
import { reasonOf } from './reason.ts'

export interface Tried {
  readonly url: string
  /** Absent: the first that the client is offered. */
  readonly model?: string | undefined
  readonly key?: string | undefined
}

interface Check {
  readonly name: string
  run(client: Client, session: Session, model: string): Promise<void>
}

const CHECKS: readonly Check[] = [
  {
    name: 'models are listed',
    async run(_client, session) {
      if ((await session.models()).length === 0) throw new Error('there is none')
    },
  },
  ...SCENARIOS.filter(({ anywhere }) => anywhere === true).flatMap(({ name, ask }) =>
    (['plain', 'stream'] as const).map((way) => ({
      name: `${name}, ${way === 'plain' ? 'plain' : 'streamed'}`,
      run: async (client: Client, session: Session, model: string) =>
        checkAnswer(client, await session[way]({ ...ask, model })),
    })),
  ),
  {
    name: 'a temperature that is no number is refused',
    run: (client, session, model) => expectRefusal(client, session, model),
  },
]

/** @returns how many checks failed. */
export async function tryGateway({ url, model, key = 'none' }: Tried): Promise<number> {
  let failing = 0
  for (const client of CLIENTS) {
    const session = client.connect(url, key)
    const asked = model ?? (await session.models().catch(() => []))[0] ?? MODEL
    console.log(`\n${client.sdk}, model ${asked}`)
    for (const check of CHECKS) {
      const reason = await check.run(client, session, asked).then(() => undefined, reasonOf)
      if (reason !== undefined) failing += 1
      console.log(`  ${reason === undefined ? '✓' : '✗'} ${check.name}${reason === undefined ? '' : `: ${reason}`}`)
    }
  }
  console.log(failing === 0 ? '\nAll hold.' : `\n${failing} fail.`)
  return failing
}

/** A model may say what it likes, but it says something and tells how it ended and what it cost. */
function checkAnswer(client: Client, { text, calls, finish, input, output }: Report): void {
  if (text === '' && calls.length === 0) throw new Error('an answer of nothing')
  if (!Object.values(client.finishes).includes(finish)) throw new Error(`it ended with ${finish}`)
  if (!((input ?? 0) > 0 && (output ?? 0) > 0)) throw new Error(`usage is ${input} and ${output} tokens`)
}

async function expectRefusal(client: Client, session: Session, model: string): Promise<void> {
  // What no type allows: the point is what the gateway says of it.
  const temperature = 'hot' as unknown as number
  const ask = { model, turns: [{ role: 'user' as const, text: 'Hi' }], temperature }
  const outcome = await session.plain(ask).then(() => undefined, client.failureOf)
  if (outcome === undefined) throw new Error('it was answered')
  const { status = 0, message } = outcome
  if (status < 400 || status > 499 || message === '') throw new Error(`status ${status}: ${message}`)
}
