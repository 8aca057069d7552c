/** What other gateways learned the hard way, each row through the whole gateway. */
import { expect } from 'chai'
import { BACK_ENDS, type BackEnd, configFor, modelAsked } from '../clients/back-ends.ts'
import { createClosing } from '../support/close-all.ts'
import { defer } from '../support/deferred.ts'
import { type Answerer, type Script, startFakeProvider } from '../support/fake-provider.ts'
import { startGateway } from '../support/gateway.ts'
import { openaiAnswer, openaiEmbeddings } from '../support/openai-fake.ts'
import { HELLO } from '../support/said.ts'
import { ANTHROPIC, OPENAI, post } from './clients.ts'
import { readRest, readUntil, scriptOf, splitAfterFirstWord, streamOf } from './frames.ts'

const SECRET = 'sk-provider-secret-0001'
const WORDS = 'Hello from the model'

/** Where each kind of client asks for a plain answer and for a stream, and how its streams are called. */
const DOORS = [
  { protocol: 'openai-chat', path: OPENAI.path, body: OPENAI.body, streamed: 'text/event-stream' },
  { protocol: 'anthropic', path: ANTHROPIC.path, body: ANTHROPIC.body, streamed: 'text/event-stream' },
  {
    protocol: 'openai-responses',
    path: '/v1/responses',
    body: { model: 'my-model', input: 'Hi' },
    streamed: 'text/event-stream',
  },
  {
    protocol: 'ollama',
    path: '/api/chat',
    body: { model: 'my-model', messages: [{ role: 'user', content: 'Hi' }] },
    streamed: 'application/x-ndjson',
  },
  {
    protocol: 'gemini',
    path: '/v1beta/models/my-model:generateContent',
    streamPath: '/v1beta/models/my-model:streamGenerateContent?alt=sse',
    body: { contents: [{ role: 'user', parts: [{ text: 'Hi' }] }] },
    streamed: 'text/event-stream',
  },
]

function backEndOf(protocol: string): BackEnd {
  const found = BACK_ENDS.find((one) => one.protocol === protocol)
  if (found === undefined) throw new Error(protocol)
  return found
}

describe('lessons of others', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  async function start(protocol: string, answer: Answerer, change: (config: any) => void = () => {}) {
    const provider = closing.add(await startFakeProvider(answer), (fake) => fake.close())
    const config = configFor(protocol, provider.url)
    change(config)
    return { provider, gateway: await startGateway(closing, config) }
  }

  describe('credentials and headers', () => {
    const GEMINI_CALLS: readonly (readonly [path: string, body: unknown])[] = [
      ['/v1beta/models/my-model:generateContent', { contents: [{ parts: [{ text: 'Hi' }] }] }],
      ['/v1beta/models/my-model:streamGenerateContent?alt=sse', { contents: [{ parts: [{ text: 'Hi' }] }] }],
      ['/v1beta/models/my-model:embedContent', { content: { parts: [{ text: 'Hi' }] } }],
    ]
    for (const [path, body] of GEMINI_CALLS) {
      it(`lesson 5, defect 20: a Gemini key in the query or in its header serves ${path} and goes no further`, async () => {
        const isEmbedding = path.includes('embed')
        const { provider, gateway } = await start('gemini', (request) =>
          isEmbedding
            ? { kind: 'answer', body: { embedding: { values: [1, 2] } } }
            : backEndOf('gemini').answer(HELLO)(request),
        )
        const inQuery = `${path}${path.includes('?') ? '&' : '?'}key=client-secret`
        const answers = [
          await post(`${gateway.url}${inQuery}`, body),
          await post(`${gateway.url}${path}`, body, { 'x-goog-api-key': 'client-secret' }),
        ]
        for (const [index, answer] of answers.entries()) {
          expect(answer.status, answer.text).to.equal(200)
          const sent = await provider.request(index)
          expect(sent.headers['x-goog-api-key']).to.equal(SECRET)
          expect(sent.path, 'no key stands in an address').to.not.match(/key=|secret/)
          expect(sent.rawHeaders.join(' ')).to.not.contain('client-secret')
        }
        expect(JSON.stringify(gateway.lines)).to.not.match(/client-secret|sk-provider-secret/)
      })
    }

    it('lesson 5: what a Gemini client asks of the gateway alone is answered with a key in the query too', async () => {
      const { provider, gateway } = await start('gemini', backEndOf('gemini').answer(HELLO))
      const listed: any = await (await fetch(`${gateway.url}/v1beta/models?key=client-secret`)).json()
      expect(listed.models.map(({ name }: any) => name)).to.include('models/my-model')
      const found = await fetch(`${gateway.url}/v1beta/models/my-model?key=client-secret`)
      expect(found.status).to.equal(200)
      const body = { contents: [{ parts: [{ text: 'Hi' }] }] }
      const counted = await post(`${gateway.url}/v1beta/models/my-model:countTokens?key=client-secret`, body)
      expect(counted.json.totalTokens, counted.text).to.be.greaterThan(0)
      for (const { rawHeaders, path } of provider.requests) {
        expect(`${path} ${rawHeaders.join(' ')}`).to.not.contain('client-secret')
      }
    })

    it('lesson 25, defect 20: a Gemini server that nobody serves is named, and no key with it', async () => {
      const { provider, gateway } = await start('gemini', () => ({ kind: 'answer' }))
      await provider.close()
      const answer = await post(`${gateway.url}/v1beta/models/my-model:generateContent?key=client-secret`, {
        contents: [{ parts: [{ text: 'Hi' }] }],
      })
      expect(answer.status).to.equal(502)
      const { message } = answer.json.error
      expect(message.match(new RegExp(`127\\.0\\.0\\.1:${provider.port}`, 'g')), 'said once').to.have.length(1)
      expect(`${answer.text} ${JSON.stringify(gateway.lines)}`).to.not.match(/client-secret|sk-provider-secret/)
    })

    it('lesson 7: embeddings go up with the key of the provider, relayed and translated', async () => {
      const relay = await start('openai-chat', () => openaiEmbeddings([[1, 2]], 'float'))
      const body = { model: 'my-model', input: 'a', encoding_format: 'float' }
      expect((await post(`${relay.gateway.url}/v1/embeddings`, body)).status).to.equal(200)
      expect((await relay.provider.request(0)).headers['authorization']).to.equal(`Bearer ${SECRET}`)
      const translated = await start('gemini', () => ({ kind: 'answer', body: { embedding: { values: [1, 2] } } }))
      expect((await post(`${translated.gateway.url}/v1/embeddings`, body)).status).to.equal(200)
      expect((await translated.provider.request(0)).headers['x-goog-api-key']).to.equal(SECRET)
    })

    it('lesson 9, lesson 11: what a client says of itself or of us goes up under no name, hidden or not', async () => {
      const { provider, gateway } = await start('openai-chat', () => openaiAnswer(HELLO))
      const headers = {
        cookie: 'a=client-secret',
        'proxy-authorization': 'client-secret',
        'cs-authorization': 'client-secret',
        'cs-host': 'client-secret',
        'x-cs-authorization': 'client-secret',
        'x-interlingua-loss': 'client-secret',
        'x-provider': 'client-secret',
        'x-model': 'client-secret',
        'x-title': 'client-secret',
      }
      expect((await post(`${gateway.url}${OPENAI.path}`, OPENAI.body, headers)).status).to.equal(200)
      const sent = await provider.request(0)
      expect(sent.rawHeaders.join(' ')).to.not.contain('client-secret')
      expect(sent.headers['host']).to.equal(`127.0.0.1:${provider.port}`)
    })

    it('lesson 10: a header of the provider goes before the client’s, the client’s before what is said by default', async () => {
      const anthropic = backEndOf('anthropic').answer(HELLO)
      const version = { 'anthropic-version': '2099-01-01' }
      const plain = await start('anthropic', anthropic)
      for (const headers of [{}, version]) await post(`${plain.gateway.url}/v1/messages`, ANTHROPIC.body, headers)
      const byDefault = await plain.provider.request(0)
      expect(byDefault.headers['anthropic-version']).to.equal('2023-06-01')
      expect((await plain.provider.request(1)).headers['anthropic-version']).to.equal('2099-01-01')
      const fixed = await start('anthropic', anthropic, (config) => {
        config.providers[0].headers = { 'anthropic-version': '2030-03-03' }
      })
      await post(`${fixed.gateway.url}/v1/messages`, ANTHROPIC.body, version)
      expect((await fixed.provider.request(0)).headers['anthropic-version']).to.equal('2030-03-03')
    })
  })

  describe('models', () => {
    for (const backEnd of BACK_ENDS) {
      it(`lesson 12: a target written with blanks is asked of ${backEnd.protocol} without them`, async () => {
        const { provider, gateway } = await start(backEnd.protocol, backEnd.answer(HELLO), (config) => {
          config.providers[0].models = [' acme-large\t']
          config.groups.default.aliases = { 'my-model': { provider: ' acme ', model: ' acme-large ' } }
        })
        for (const [index, door] of DOORS.entries()) {
          const answer = await post(`${gateway.url}${door.path}`, { ...door.body, stream: false })
          expect(answer.status, answer.text).to.equal(200)
          expect(modelAsked(await provider.request(index)), door.protocol).to.equal('acme-large')
        }
      })
    }
  })

  describe('streams', () => {
    for (const door of DOORS) {
      for (const backEnd of BACK_ENDS) {
        it(`defect 19: ${door.protocol} in front of ${backEnd.protocol}: a stream is called what the client's protocol calls it`, async () => {
          const { gateway } = await start(backEnd.protocol, backEnd.answer(HELLO))
          const url = `${gateway.url}${door.streamPath ?? door.path}`
          const answer = await post(url, { ...door.body, ...(door.streamPath === undefined ? { stream: true } : {}) })
          expect(answer.status, answer.text).to.equal(200)
          expect(answer.headers.get('content-type')?.split(';')[0]).to.equal(door.streamed)
          expect(answer.text).to.contain(' model')
        })
      }
    }

    for (const backEnd of BACK_ENDS) {
      for (const [name, end] of [
        ['LF', '\n'],
        ['CRLF', '\r\n'],
        ['CR', '\r'],
      ] as const) {
        // A line of NDJSON ends with LF, whatever stands before it.
        if (backEnd.protocol === 'ollama' && end === '\r') continue
        it(`defect 3, defect 4: ${backEnd.protocol} may end its lines with ${name}, and blank lines say nothing`, async () => {
          const frames = streamOf(backEnd).steps.map((frame) => `${frame}\n`.replace(/\r?\n/g, end))
          const { gateway } = await start(backEnd.protocol, () => scriptOf(backEnd, frames))
          const door = backEnd.protocol === 'anthropic' ? OPENAI : ANTHROPIC
          const answer = await post(`${gateway.url}${door.path}`, { ...door.body, stream: true })
          expect(answer.status, answer.text).to.equal(200)
          expect(door.isComplete(answer.text), answer.text).to.equal(true)
          for (const piece of ['Hello', ' from', ' the', ' model']) expect(answer.text).to.contain(`"${piece}"`)
        })
      }

      it(`defect 5: ${backEnd.protocol} is asked for the kind of answer that is wanted, streamed or plain`, async () => {
        const { provider, gateway } = await start(backEnd.protocol, backEnd.answer(HELLO))
        const streamed = backEnd.protocol === 'ollama' ? 'application/x-ndjson' : 'text/event-stream'
        for (const [index, stream] of [true, false].entries()) {
          await post(`${gateway.url}/v1/responses`, { model: 'my-model', input: 'Hi', stream })
          const { headers } = await provider.request(index)
          expect(headers['accept']).to.equal(stream ? streamed : 'application/json')
        }
      })
    }
  })

  for (const door of DOORS) {
    it(`defect 3, defect 5: a stream that is relayed for ${door.protocol} is held back by nobody`, async () => {
      const heard = defer()
      const backEnd = backEndOf(door.protocol)
      const [before, after] = splitAfterFirstWord(backEnd)
      const { gateway } = await start(door.protocol, () => scriptOf(backEnd, [...before, heard.promise, ...after]))
      const response = await fetch(`${gateway.url}${door.streamPath ?? door.path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ...door.body, ...(door.streamPath === undefined ? { stream: true } : {}) }),
      })
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
      if (reader === undefined) throw new Error('the answer has no body')
      expect(await readUntil(reader, 'Hello')).to.not.contain(' from')
      // Only now may the provider go on: had the gateway waited for more, this test would never end.
      heard.resolve()
      expect(await readRest(reader)).to.contain(' model')
      expect((await gateway.exchange(0)).road).to.equal('relay')
    })
  }

  it('defect 22: a query that nobody knows changes nothing', async () => {
    const { gateway } = await start('openai-chat', backEndOf('openai-chat').answer(HELLO))
    for (const door of DOORS) {
      for (const query of ['debug=1', 'debug=yes', 'debug', 'stream=7&x[]=%zz', '&&=']) {
        const answer = await post(`${gateway.url}${door.path}?${query}`, { ...door.body, stream: false })
        expect(answer.status, `${door.protocol} ?${query} ${answer.text}`).to.equal(200)
      }
    }
  })

  describe('parameters of a target', () => {
    const PARAMETERS = { temperature: 0.5, top_p: 0.9, max_tokens: 77, presence_penalty: 0.2, stop: ['END'] }
    const OPENAI_NAMES = ['max_tokens', 'temperature', 'top_p', 'stop', 'presence_penalty']

    for (const door of DOORS) {
      it(`defect 23: ${door.protocol}: are written in the words of Gemini and of Anthropic`, async () => {
        const withParameters = (config: any) => {
          config.groups.default.aliases['my-model'] = {
            provider: 'acme',
            model: 'acme-large',
            parameters: PARAMETERS,
          }
        }
        const gemini = await start('gemini', backEndOf('gemini').answer(HELLO), withParameters)
        expect((await post(`${gemini.gateway.url}${door.path}`, { ...door.body, stream: false })).status).to.equal(200)
        const toGemini = (await gemini.provider.request(0)).json
        expect(toGemini).to.not.have.any.keys(...OPENAI_NAMES)
        expect(toGemini.generationConfig).to.deep.include({ temperature: 0.5, topP: 0.9, stopSequences: ['END'] })
        const anthropic = await start('anthropic', backEndOf('anthropic').answer(HELLO), withParameters)
        const answer = await post(`${anthropic.gateway.url}${door.path}`, { ...door.body, stream: false })
        expect(answer.status, answer.text).to.equal(200)
        const toAnthropic = (await anthropic.provider.request(0)).json
        expect(toAnthropic).to.not.have.any.keys('stop', 'presence_penalty')
        expect(toAnthropic).to.deep.include({ temperature: 0.5, stop_sequences: ['END'] })
        expect(toAnthropic.max_tokens, 'the client goes first').to.equal(door.protocol === 'anthropic' ? 100 : 77)
      })
    }
  })

  describe('requests to an OpenAI-compatible server', () => {
    async function sentBy(path: string, body: object): Promise<any> {
      const { provider, gateway } = await start('openai-chat', () => openaiAnswer(HELLO))
      const answer = await post(`${gateway.url}${path}`, body)
      expect(answer.status, answer.text).to.equal(200)
      return (await provider.request(0)).json
    }

    it('lesson 36: the choice goes when no tools are left', async () => {
      const hosted = { type: 'web_search_20250305', name: 'web_search' }
      const sent = await sentBy(ANTHROPIC.path, { ...ANTHROPIC.body, tools: [hosted], tool_choice: { type: 'auto' } })
      expect(sent).to.not.have.any.keys('tools', 'tool_choice')
    })

    it('lesson 34: the result of a Gemini function keeps its name', async () => {
      const sent = await sentBy('/v1beta/models/my-model:generateContent', {
        contents: [
          { role: 'user', parts: [{ text: 'Hi' }] },
          { role: 'model', parts: [{ functionCall: { name: 'get_weather', args: {} } }] },
          { role: 'user', parts: [{ functionResponse: { name: 'get_weather', response: { output: 'sunny' } } }] },
        ],
      })
      const [result] = sent.messages.filter((message: any) => message.role === 'tool')
      expect(result).to.deep.include({ name: 'get_weather', content: 'sunny' })
    })

    it('lesson 45: earlier thoughts go to no model that is not known to want them, not even as text', async () => {
      const messages = [
        { role: 'user', content: 'Hi' },
        {
          role: 'assistant',
          content: [
            { type: 'thinking', thinking: 'secret thought', signature: 'c2ln' },
            { type: 'text', text: 'Hello' },
          ],
        },
        { role: 'user', content: 'And now?' },
      ]
      const sent = await sentBy(ANTHROPIC.path, { ...ANTHROPIC.body, messages })
      expect(JSON.stringify(sent)).to.not.contain('secret thought')
      expect(sent.messages[1]).to.deep.equal({ role: 'assistant', content: 'Hello' })
    })
  })

  it('lesson 41: an effort beyond what the model is known to take becomes the most that it takes, and is told', async () => {
    const { provider, gateway } = await start('openai-chat', backEndOf('openai-chat').answer(HELLO), (config) => {
      config.groups.default.aliases['my-model'] = { provider: 'acme', model: 'o3' }
    })
    const body = { model: 'my-model', input: 'Hi', reasoning: { effort: 'xhigh' } }
    const answer = await post(`${gateway.url}/v1/responses`, body)
    expect(answer.status, answer.text).to.equal(200)
    expect((await provider.request(0)).json.reasoning_effort).to.equal('high')
    expect(answer.headers.get('x-interlingua-loss')).to.match(/settings\.reasoning\S*=changed/)
  })

  it('lesson 43: what MiniMax thinks stands in reasoning_details, and is thinking to other clients', async () => {
    const body: any = (openaiAnswer(HELLO) as Extract<Script, { kind: 'answer' }>).body
    const details = [
      {
        type: 'reasoning.text',
        id: 'reasoning-text-1',
        format: 'MiniMax-response-v1',
        index: 0,
        text: 'Let me think.',
      },
    ]
    body.choices[0].message.reasoning_details = details
    const { provider, gateway } = await start('openai-chat', () => ({ kind: 'answer', body }))
    const told = await post(`${gateway.url}${ANTHROPIC.path}`, ANTHROPIC.body)
    expect(told.json.content.map(({ type }: any) => type)).to.deep.equal(['thinking', 'text'])
    expect(told.json.content[0].thinking).to.equal('Let me think.')
    const own = await post(`${gateway.url}${OPENAI.path}`, { ...OPENAI.body, reasoning_split: true })
    expect(own.json.choices[0].message.reasoning_details).to.deep.equal(details)
    expect((await provider.request(1)).json.reasoning_split, 'the switch goes up').to.equal(true)
  })

  it('lesson 48: where nobody counted, a Messages client is told an estimate of its input and not nothing', async () => {
    const body: any = (openaiAnswer(HELLO) as Extract<Script, { kind: 'answer' }>).body
    const { usage: _usage, ...uncounted } = body
    const { gateway } = await start('openai-chat', () => ({ kind: 'answer', body: uncounted }))
    const messages = [{ role: 'user', content: 'word '.repeat(200) }]
    const answer = await post(`${gateway.url}${ANTHROPIC.path}`, { ...ANTHROPIC.body, messages })
    expect(answer.status, answer.text).to.equal(200)
    expect(answer.json.usage.input_tokens).to.be.within(100, 500)
    expect(answer.json.content[0].text).to.equal(WORDS)
  })
})
