/** Requests of real programs, sent once more: whatever back end there is, each is served, and the back end is asked properly. */
import { expect } from 'chai'
import { codecs } from '../../protocols/index.ts'
import { strictCheck } from '../fidelity/schema.ts'
import { createClosing } from '../support/close-all.ts'
import { type RecordedRequest, startFakeProvider } from '../support/fake-provider.ts'
import { startGateway } from '../support/gateway.ts'
import { HELLO } from '../support/said.ts'
import { BACK_ENDS } from './back-ends.ts'
import { type Captured, readCaptures, skipWithoutCaptures } from './read-captures.ts'

const ALL = readCaptures()
/** One of them goes on from an answer that is not kept here (K73). */
const isChat = ({ answered, body }: Captured) =>
  (answered === 'text' || answered === 'tool call') && body?.previous_response_id === undefined

/** Names of the tools that a body offers, in whichever protocol and group. */
function listTools(body: any): string[] {
  const groups = [
    body.tools ?? [],
    ...(Array.isArray(body.input) ? body.input.map((item: any) => item.tools ?? []) : []),
  ]
  const list = (tool: any): string[] => {
    const inner = tool.tools ?? tool.functionDeclarations
    if (Array.isArray(inner)) return inner.flatMap(list)
    const name = tool.function?.name ?? tool.name
    return typeof name === 'string' ? [name] : []
  }
  return groups.flat().flatMap(list).sort()
}

/** Tools that no other back end can have: it runs them itself, or they are out of sight. */
const OWN_TOOL = /^(?:web_search|DeferredToolPlaceholder)$/

describe('requests of real programs', function () {
  this.timeout(60_000)
  before(skipWithoutCaptures)
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  async function connect(protocol: string) {
    const backEnd = BACK_ENDS.find((one) => one.protocol === protocol)!
    const provider = closing.add(await startFakeProvider(backEnd.answer(HELLO)), (fake) => fake.close())
    const gateway = await startGateway(closing, {
      providers: [{ name: 'acme', protocol, api_base_url: provider.url, api_key: 'sk-x' }],
      groups: { team: { aliases: { '*': 'acme/acme-large', 'test-*': 'acme/acme-large' } } },
    })
    let count = 0
    async function send(one: Captured) {
      const answer = await fetch(`${gateway.url}${one.path}`, {
        method: one.method,
        headers: { ...one.headers, 'content-type': 'application/json' },
        ...(one.method === 'GET' ? {} : { body: JSON.stringify(one.body) }),
      })
      return { status: answer.status, text: await answer.text() }
    }
    async function ask(one: Captured): Promise<{ sent: RecordedRequest; lost: readonly string[]; answer: string }> {
      const { status, text } = await send(one)
      expect(status, `${one.title}: ${text}`).to.equal(200)
      const sent = await provider.request(count)
      const { losses = [] } = await gateway.exchange(count)
      count += 1
      return { sent, lost: losses.map(({ path }: any) => path), answer: text }
    }
    return { send, ask, provider }
  }

  for (const { protocol } of BACK_ENDS) {
    it(`K1, K4, K7: all are served by ${protocol}, which is asked as its API defines it`, async () => {
      const { ask } = await connect(protocol)
      const check = strictCheck(protocol, 'request')
      for (const one of ALL.filter(isChat)) {
        const { sent, lost, answer } = await ask(one)
        expect(answer, one.title).to.contain('Hello')
        if (isOwnProtocol(one, protocol)) continue
        expect(check(sent.json), one.title).to.equal(undefined)
        const wanted = listTools(one.body).filter((name) => !OWN_TOOL.test(name))
        const isNoneOffered = protocol === 'ollama' && one.body.tool_choice === 'none'
        if (!isNoneOffered && wanted.length > 0)
          expect(listTools(sent.json), `${one.title} ${lost}`).to.include.members(wanted)
      }
    })
  }

  it('K3, K10, K61: whatever else they ask for is answered by the gateway itself', async () => {
    const { send, provider } = await connect('openai-chat')
    for (const one of ALL.filter(
      ({ body, ...other }) =>
        !isChat({ body, ...other }) && body?.previous_response_id === undefined && !other.path.endsWith('/embed'),
    )) {
      const { status, text } = await send(one)
      expect(status, `${one.title} ${one.path}: ${text}`).to.equal(200)
    }
    expect(provider.requests).to.have.length(0)
  })

  const own = (name: string) => ALL.filter((one) => isChat(one) && one.title.startsWith(name))

  it('K11, K12, K13, K17, K18: what only Anthropic knows of Claude Code reaches nobody else, and is told', async () => {
    const { ask } = await connect('openai-chat')
    for (const one of own('claude-code')) {
      const { sent, lost } = await ask(one)
      expect(Object.keys(sent.headers).filter((name) => /^(?:anthropic|x-)/.test(name))).to.deep.equal([])
      for (const member of ['context_management', 'safeguards'].filter((name) => name in one.body)) {
        expect(lost, one.title).to.include(member)
        expect(JSON.stringify(sent.json)).to.not.contain(member)
      }
      // The line of its accounting differs in each session.
      expect(JSON.stringify(sent.json)).to.not.contain('x-anthropic-billing-header')
    }
  })

  it('K12, K13: Anthropic is sent them all, byte for byte', async () => {
    const { ask } = await connect('anthropic')
    for (const one of own('claude-code')) {
      const { sent } = await ask(one)
      expect(sent.json).to.deep.equal({ ...one.body, model: 'acme-large' })
      expect(sent.headers['anthropic-beta']).to.equal(one.headers['anthropic-beta'])
    }
  })

  it('K23, K35, K60: a search that only the vendor runs is left out with a loss, never refused', async () => {
    const { ask } = await connect('openai-chat')
    const searching = ALL.filter(
      (one) => isChat(one) && /"type":"web_search|"googleSearch"/.test(JSON.stringify(one.body.tools)),
    )
    expect(searching.length).to.be.greaterThan(10)
    for (const one of searching) {
      const { sent, lost } = await ask(one)
      expect(JSON.stringify(sent.json.tools ?? []), one.title).to.not.match(/web_search|googleSearch/)
      expect(
        lost.some((path) => path.startsWith('tools.')),
        `${one.title} ${lost}`,
      ).to.equal(true)
    }
  })

  it('K33, K34, K37: Codex is told the prompt as developer, and its calls and results stay pairs', async () => {
    const { ask } = await connect('anthropic')
    for (const one of own('codex')) {
      const { sent } = await ask(one)
      expect(sent.json.system, one.title).to.be.an('array')
      const blocks = sent.json.messages.flatMap(({ content }: any) => (Array.isArray(content) ? content : []))
      const calls = blocks.filter(({ type }: any) => type === 'tool_use').map(({ id }: any) => id)
      const results = blocks.filter(({ type }: any) => type === 'tool_result').map((block: any) => block.tool_use_id)
      const asked = one.body.input.filter(({ type }: any) => /_call$/.test(type ?? '')).length
      expect(calls).to.have.length(asked)
      expect(results).to.deep.equal(calls)
    }
  })

  it('K43, K52, K64, K72: results of Gemini clients, with ids or without, answer their calls', async () => {
    const { ask } = await connect('openai-chat')
    const answered = ALL.filter(
      (one) => isChat(one) && JSON.stringify(one.body.contents ?? '').includes('functionResponse'),
    )
    expect(answered.length).to.be.greaterThan(6)
    for (const one of answered) {
      const { messages } = (await ask(one)).sent.json
      const calls = messages.flatMap((message: any) => (message.tool_calls ?? []).map(({ id }: any) => id))
      const results = messages.flatMap((message: any) => (message.role === 'tool' ? [message.tool_call_id] : []))
      expect(calls.length, one.title).to.be.greaterThan(0)
      expect(results, one.title).to.deep.equal(calls)
    }
  })
})

function isOwnProtocol({ path }: Captured, protocol: string): boolean {
  const codec = codecs.find(({ name }) => name === protocol)!
  const ending = path
    .split('?')[0]!
    .replace(/^\/team/, '')
    .replace(/models\/.*:/, 'models/{model}:')
  return codec.endpoints.some((one) => one.path === ending)
}
