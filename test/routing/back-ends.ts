/** Providers by the names of the guide, each a fake in its own protocol, behind one gateway. */
import type { AppOptions } from '../../src/app/app-options.ts'
import { anthropicAnswer } from '../support/anthropic-fake.ts'
import type { Closing } from '../support/close-all.ts'
import { type FakeProvider, type RecordedRequest, type Script, startFakeProvider } from '../support/fake-provider.ts'
import { startGateway, type TestGateway } from '../support/gateway.ts'
import { geminiAnswer } from '../support/gemini-fake.ts'
import { openaiAnswer } from '../support/openai-fake.ts'
import { HELLO } from '../support/said.ts'

export interface Sent {
  /** Who was asked. */
  readonly provider: string
  /** The model, wherever the protocol has it. */
  readonly model: string
  readonly body: any
  readonly headers: RecordedRequest['headers']
  /** Of the answer. */
  readonly status: number
  readonly reply: any
}

export interface BackEnds {
  readonly gateway: TestGateway
  readonly fakes: Readonly<Record<string, FakeProvider>>
  /** Asks in Anthropic's protocol, and tells what the one back end was sent that heard of it. */
  ask(body: object, path?: string): Promise<Sent>
}

/** @param config as in the guide; what it names under `providers` is given the address of a fake. */
export async function startBackEnds(
  closing: Closing,
  config: {
    readonly providers: readonly { readonly name: string; readonly [setting: string]: unknown }[]
    readonly [setting: string]: unknown
  },
  options: Partial<AppOptions> = {},
): Promise<BackEnds> {
  const fakes: Record<string, FakeProvider> = {}
  for (const { name } of config.providers) {
    fakes[name] = closing.add(await startFakeProvider(answer), (fake) => fake.close())
  }
  const providers = config.providers.map((provider) => ({
    api_key: `sk-${provider.name}-0001`,
    ...provider,
    api_base_url: fakes[provider.name]?.url,
  }))
  const gateway = await startGateway(closing, { ...config, providers }, options)
  return {
    gateway,
    fakes,
    async ask(body, path = '/v1/messages') {
      const before = new Map(Object.entries(fakes).map(([name, fake]) => [name, fake.requests.length]))
      const response = await fetch(`${gateway.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ max_tokens: 100, messages: [{ role: 'user', content: 'Hello!' }], ...body }),
      })
      const reply = await response.json()
      const heard = Object.entries(fakes).filter(([name, fake]) => fake.requests.length > (before.get(name) ?? 0))
      const [name = 'nobody', fake] = heard[0] ?? []
      if (heard.length > 1) throw new Error(`asked several: ${heard.map(([one]) => one).join()}`)
      const request = fake?.requests.at(-1)
      return {
        provider: name,
        model: request?.json?.model ?? request?.path.match(/models\/([^:]+):/)?.[1] ?? '',
        body: request?.json,
        headers: request?.headers ?? {},
        status: response.status,
        reply,
      }
    },
  }
}

function answer({ path }: RecordedRequest): Script {
  if (path.includes('/messages')) return anthropicAnswer(HELLO)
  return path.includes('generateContent') ? geminiAnswer(HELLO) : openaiAnswer(HELLO)
}
