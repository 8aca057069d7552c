import { expect } from 'chai'
import type { Message } from '../../../protocols/ir/message.ts'
import type { Part, ToolCallPart } from '../../../protocols/ir/part.ts'
import type { ChatRequest } from '../../../protocols/ir/request.ts'
import type { Tool } from '../../../protocols/ir/tool.ts'
import { answerAsDemo } from '../../../src/upstream/demo-model.ts'

const TOOLS: Tool[] = [
  {
    type: 'function',
    name: 'weather',
    parameters: {
      type: 'object',
      properties: { city: { type: 'string' }, days: { type: 'integer' } },
      required: ['city'],
    },
  },
  { type: 'function', name: 'clock' },
  { type: 'freeform', name: 'patch' },
  { type: 'hosted', name: 'search', protocol: 'made-up', value: {} },
]

function user(...parts: (string | Part)[]): Message {
  return { role: 'user', parts: parts.map((part) => (typeof part === 'string' ? { type: 'text', text: part } : part)) }
}

function ask(messages: string | Message[], more: Partial<ChatRequest> = {}): ChatRequest {
  return {
    model: 'echo',
    messages: typeof messages === 'string' ? [user(messages)] : messages,
    settings: {},
    stream: false,
    ...more,
  }
}

function textOf(request: ChatRequest): string {
  return answerAsDemo(request)
    .parts.map((part) => (part.type === 'text' ? part.text : `[${part.type}]`))
    .join('')
}

function callsOf(request: ChatRequest): ToolCallPart[] {
  return answerAsDemo(request).parts.filter((part) => part.type === 'tool-call')
}

describe('upstream/demo-model', () => {
  it('repeats the last thing that the user said, and says what it is and how to get a real model', () => {
    const messages: Message[] = [
      { role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] },
      user('First.'),
      { role: 'assistant', parts: [{ type: 'text', text: 'Yes.' }] },
      user('A reminder of the client.', 'Hello 日本!'),
    ]
    const text = textOf(ask(messages))
    expect(text).to.include('You said: Hello 日本!').and.include('demo model of Interlingua').and.include('--config')
    expect(text).not.to.include('First').and.not.include('Be brief').and.not.include('reminder of the client')
    expect(answerAsDemo(ask(messages)).finish).to.deep.equal({ reason: 'stop' })
  })

  it('gives the same answer to the same request', () => {
    expect(answerAsDemo(ask('Hello'))).to.deep.equal(answerAsDemo(ask('Hello')))
  })

  it('answers also to nothing at all', () => {
    expect(textOf(ask([]))).to.include('You said nothing.')
    expect(textOf(ask(''))).to.include('You said nothing.')
  })

  it('does not repeat a book', () => {
    const text = textOf(ask(`${'a'.repeat(3999)}🦊${'b'.repeat(5000)}`))
    expect(text.length).to.be.below(5000)
    expect(text.isWellFormed()).to.equal(true)
  })

  describe('tools', () => {
    it('are called when the user says so, with the arguments as they were written', () => {
      const request = ask('Please:\ncall weather {"city": "Ulm",  "days": 2}', { tools: TOOLS })
      expect(callsOf(request)).to.deep.equal([
        { type: 'tool-call', id: 'call_demo_0', name: 'weather', arguments: '{"city": "Ulm",  "days": 2}' },
      ])
      expect(answerAsDemo(request).finish).to.deep.equal({ reason: 'tool-calls' })
    })

    it('several lines are several calls, with an id each', () => {
      const calls = callsOf(ask('call weather {"city":"Ulm"}\ncall clock\n  CALL clock {}', { tools: TOOLS }))
      expect(calls.map((call) => [call.id, call.name, call.arguments])).to.deep.equal([
        ['call_demo_0', 'weather', '{"city":"Ulm"}'],
        ['call_demo_1', 'clock', '{}'],
        ['call_demo_2', 'clock', '{}'],
      ])
    })

    it('only one is called where the client wants no more', () => {
      const request = ask('call clock\ncall weather {}', { tools: TOOLS, parallelToolCalls: false })
      expect(callsOf(request).map((call) => call.name)).to.deep.equal(['clock'])
    })

    it('ids go on through the conversation', () => {
      const earlier: Part = { type: 'tool-call', id: 'call_demo_0', name: 'clock', arguments: '{}' }
      const messages = [user('call clock'), { role: 'assistant', parts: [earlier] } as const, user('call clock')]
      expect(callsOf(ask(messages, { tools: TOOLS }))[0]?.id).to.equal('call_demo_1')
    })

    it('one that takes raw text gets it raw', () => {
      expect(callsOf(ask('call patch *** Begin', { tools: TOOLS }))[0]).to.deep.include({
        name: 'patch',
        arguments: '*** Begin',
        freeform: true,
      })
    })

    it('one that is not offered is not called; those that are offered are named', () => {
      const request = ask('call nothing {}', { tools: TOOLS })
      expect(callsOf(request)).to.have.length(0)
      expect(textOf(request)).to.include('no tool called "nothing"').and.include('weather, clock, patch.')
      expect(answerAsDemo(request).finish.reason).to.equal('stop')
      expect(textOf(ask('call weather {}'))).to.include('No tools are offered.')
    })

    it('arguments that are no JSON object are told, not sent', () => {
      for (const written of ['{"city":', '{city: 1}', '{} {}']) {
        const request = ask(`call weather ${written}`, { tools: TOOLS })
        expect(callsOf(request), written).to.have.length(0)
        expect(textOf(request)).to.include('is no JSON object')
      }
    })

    it('what only sounds like an order is repeated', () => {
      expect(textOf(ask('Call me when you are done', { tools: TOOLS }))).to.include('You said: Call me')
      expect(textOf(ask('call mum'))).to.include('You said: call mum')
      expect(textOf(ask('I call weather {"a":1} bad', { tools: TOOLS }))).to.include('You said: I call')
    })

    it('none is called where the client forbids it', () => {
      const request = ask('call clock', { tools: TOOLS, toolChoice: { type: 'none' } })
      expect(callsOf(request)).to.have.length(0)
    })

    const FORCED = [
      ['required', { type: 'required' }, 'weather'],
      ['one by name', { type: 'tool', name: 'clock' }, 'clock'],
      ['one of several', { type: 'allowed', mode: 'required', names: ['clock', 'patch'] }, 'clock'],
    ] as const
    for (const [title, toolChoice, name] of FORCED) {
      it(`one is called although nobody says so, where the client forces it: ${title}`, () => {
        const [call, ...rest] = callsOf(ask('How is it in Ulm?', { tools: TOOLS, toolChoice }))
        expect(rest).to.have.length(0)
        expect(call?.name).to.equal(name)
        expect(JSON.parse(call?.arguments ?? '')).to.deep.equal(name === 'weather' ? { city: 'How is it in Ulm?' } : {})
      })
    }

    it('results are quoted with the names of their tools, errors as such', () => {
      const messages: Message[] = [
        user('call clock'),
        {
          role: 'assistant',
          parts: [
            { type: 'tool-call', id: 'a', name: 'clock', arguments: '{}' },
            { type: 'tool-call', id: 'b', name: 'weather', arguments: '{}' },
          ],
        },
        { role: 'tool', parts: [{ type: 'tool-result', callId: 'a', content: [{ type: 'text', text: 'noon' }] }] },
        {
          role: 'user',
          parts: [
            { type: 'tool-result', callId: 'b', isError: true, content: [{ type: 'text', text: 'no city' }] },
            { type: 'text', text: 'call clock' },
          ],
        },
      ]
      const request = ask(messages, { tools: TOOLS })
      expect(textOf(request)).to.equal('The tool clock answered: noon\nThe tool weather failed with: no city')
      expect(callsOf(request)).to.have.length(0)
    })
  })

  it('acknowledges pictures, sounds and files by type and size', () => {
    const data = Buffer.from('twelve bytes').toString('base64')
    const text = textOf(
      ask([
        user(
          { type: 'image', source: { type: 'base64', mediaType: 'image/png', data } },
          { type: 'image', source: { type: 'url', url: 'https://x.example/secret.png' } },
          { type: 'audio', source: { type: 'base64', mediaType: 'audio/wav', data } },
          { type: 'file', filename: 'a.txt', source: { type: 'text', mediaType: 'text/plain', text: 'é' } },
          'Look!',
        ),
      ]),
    )
    expect(text).to.include('an image (image/png, 12 bytes)')
    expect(text).to.include('an image (by its address)').and.not.include('x.example')
    expect(text).to.include('a sound (audio/wav, 12 bytes)')
    expect(text).to.include('a file (a.txt, text/plain, 2 bytes)')
    expect(text).to.include('You said: Look!')
  })

  describe('settings', () => {
    it('stops before the first of the stop sequences, and says which', () => {
      const { parts, finish } = answerAsDemo(ask('one STOP two HALT', { settings: { stop: ['HALT', '', 'STOP'] } }))
      expect(parts).to.deep.equal([{ type: 'text', text: 'You said: one ' }])
      expect(finish).to.deep.equal({ reason: 'stop', stopSequence: 'STOP' })
    })

    it('ends at the limit of tokens, counting four characters as one, and not inside a character', () => {
      const { parts, finish, usage } = answerAsDemo(ask('a 🦊 b', { settings: { maxOutputTokens: 3 } }))
      expect(parts).to.deep.equal([{ type: 'text', text: 'You said: a ' }])
      expect(finish).to.deep.equal({ reason: 'length' })
      expect(usage.outputTokens).to.equal(3)
      const split = answerAsDemo(ask('🦊🦊', { settings: { maxOutputTokens: 3 } })).parts[0]
      expect(split).to.deep.equal({ type: 'text', text: 'You said: 🦊' })
      const odd = answerAsDemo(ask('a🦊🦊', { settings: { maxOutputTokens: 3 } })).parts[0]
      expect(odd).to.deep.equal({ type: 'text', text: 'You said: a' })
    })

    it('counts what was read and what was written', () => {
      const short = answerAsDemo(ask('a')).usage
      const long = answerAsDemo(ask('a'.repeat(1000))).usage
      expect(short.inputTokens).to.be.greaterThan(0)
      expect(long.inputTokens! - short.inputTokens!).to.be.within(245, 255)
      expect(long.outputTokens! - short.outputTokens!).to.be.within(245, 255)
    })

    it('answers in JSON where JSON is asked for, and by the schema where there is one', () => {
      const json = JSON.parse(textOf(ask('Hello', { settings: { responseFormat: { type: 'json' } } })))
      expect(json.answer).to.include('You said: Hello')
      const schema = {
        type: 'object',
        properties: { title: { type: 'string' }, tags: { type: 'array' }, more: { type: 'string' } },
        required: ['title', 'tags'],
      }
      const formed = JSON.parse(textOf(ask('Hello', { settings: { responseFormat: { type: 'json-schema', schema } } })))
      expect(Object.keys(formed)).to.deep.equal(['title', 'tags'])
      expect(formed.title).to.include('You said: Hello')
    })
  })
})
