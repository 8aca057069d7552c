/** What the requests of other protocols become on this wire. */
import { expect } from 'chai'
import type { ModelFacts } from '../../../protocols/ir/facts.ts'
import type { Message } from '../../../protocols/ir/message.ts'
import type { Part } from '../../../protocols/ir/part.ts'
import { completeConversation } from '../../support/complete-conversation.ts'
import { encodeWith, sendOn, sketchLosses } from './exchange.ts'

const say = (text: string): Part => ({ type: 'text', text })

const user = (...parts: Part[]): Message => ({ role: 'user', parts })

const assistant = (...parts: Part[]): Message => ({ role: 'assistant', parts })

const call = (id: string, more: object = {}): Part => ({
  type: 'tool-call',
  id,
  name: 'f',
  arguments: '{"a":1}',
  ...more,
})

const result = (callId: string, ...content: Extract<Part, { type: 'tool-result' }>['content'][number][]): Part => ({
  type: 'tool-result',
  callId,
  content,
})

const PICTURE: Part = { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'AAAA' } }

const input = (text: string) => ({ type: 'input_text', text })

type Row = readonly [
  title: string,
  messages: readonly Message[],
  wire: readonly object[],
  losses?: readonly string[],
  facts?: ModelFacts,
]

const MESSAGES: readonly Row[] = [
  ['a text of the user', [user(say('Hi'))], [{ type: 'message', role: 'user', content: [input('Hi')] }]],
  [
    'a picture, a document by its bytes and one by its link',
    [
      user(
        { ...PICTURE, detail: 'low' } as Part,
        { type: 'file', source: { type: 'base64', mediaType: 'application/pdf', data: 'AA' } },
        { type: 'file', source: { type: 'url', url: 'https://x/y.pdf' }, filename: 'y.pdf' },
      ),
    ],
    [
      {
        type: 'message',
        role: 'user',
        content: [
          { type: 'input_image', image_url: 'data:image/png;base64,AAAA', detail: 'low' },
          { type: 'input_file', filename: 'document.pdf', file_data: 'data:application/pdf;base64,AA' },
          { type: 'input_file', filename: 'y.pdf', file_url: 'https://x/y.pdf' },
        ],
      },
    ],
  ],
  [
    'trap 130: a document in plain text is text',
    [user({ type: 'file', source: { type: 'text', mediaType: 'text/plain', text: 'body' }, filename: 'a.txt' })],
    [{ type: 'message', role: 'user', content: [input('a.txt\n\nbody')] }],
    ['messages.0.parts.0: changed'],
  ],
  [
    'trap 131: sound, files of others and blocks of others are reported',
    [
      user(
        say('Hi'),
        { type: 'audio', source: { type: 'base64', mediaType: 'audio/wav', data: 'AA' } },
        { type: 'file', source: { type: 'file-id', id: 'f', protocol: 'other' } },
        { type: 'opaque', protocol: 'other', value: {} },
      ),
    ],
    [{ type: 'message', role: 'user', content: [input('Hi')] }],
    ['messages.0.parts.1: dropped', 'messages.0.parts.2: dropped', 'messages.0.parts.3: dropped'],
  ],
  [
    'trap 73: an empty text is left out',
    [user(say(''), say('Hi'))],
    [{ type: 'message', role: 'user', content: [input('Hi')] }],
  ],
  [
    'trap 77: a developer stays one, unless the model is known not to know the role',
    [user(say('Hi')), { role: 'developer', parts: [say('Be brief')] }],
    [
      { type: 'message', role: 'user', content: [input('Hi')] },
      { type: 'message', role: 'system', content: [input('Be brief')] },
    ],
    ['messages.1.role: changed'],
    { developerRole: false },
  ],
  [
    'trap 146: what is said beside calls stays, and a turn is items in their order',
    [
      assistant(say('Look'), call('c1'), call('c2')),
      { role: 'tool', parts: [result('c1', { type: 'text', text: 'ok' })] },
    ],
    [
      { role: 'assistant', content: 'Look' },
      { type: 'function_call', call_id: 'c1', name: 'f', arguments: '{"a":1}' },
      { type: 'function_call', call_id: 'c2', name: 'f', arguments: '{"a":1}' },
      { type: 'function_call_output', call_id: 'c1', output: 'ok' },
    ],
  ],
  [
    'trap 74: a turn that only calls has no message',
    [assistant(say(''), call('c1'))],
    [{ type: 'function_call', call_id: 'c1', name: 'f', arguments: '{"a":1}' }],
  ],
  [
    'trap 67: results come before what the user says beside them',
    [user(say('and now'), result('c1', { type: 'text', text: 'ok' }))],
    [
      { type: 'function_call_output', call_id: 'c1', output: 'ok' },
      { type: 'message', role: 'user', content: [input('and now')] },
    ],
  ],
  [
    'trap 70: a second result of a call is left out',
    [user(result('c1', { type: 'text', text: 'ok' }), result('c1', { type: 'text', text: 'again' }))],
    [{ type: 'function_call_output', call_id: 'c1', output: 'ok' }],
    ['messages.0.parts.1: dropped'],
  ],
  [
    'trap 71: a picture stays in the result, in a list',
    [user(result('c1', { type: 'text', text: 'see' }, PICTURE as never))],
    [
      {
        type: 'function_call_output',
        call_id: 'c1',
        output: [input('see'), { type: 'input_image', image_url: 'data:image/png;base64,AAAA' }],
      },
    ],
  ],
  [
    'several texts of a result are one, and an empty result is an empty text',
    [user(result('c1', { type: 'text', text: 'a' }, { type: 'text', text: 'b' }), result('c2'))],
    [
      { type: 'function_call_output', call_id: 'c1', output: 'a\nb' },
      { type: 'function_call_output', call_id: 'c2', output: '' },
    ],
  ],
  [
    'that a tool failed cannot be said',
    [user({ type: 'tool-result', callId: 'c1', content: [{ type: 'text', text: 'no' }], isError: true })],
    [{ type: 'function_call_output', call_id: 'c1', output: 'no' }],
    ['messages.0.parts.0.isError: dropped'],
  ],
  [
    'trap 46: a tool of raw text is called with it, and answered as such',
    [
      assistant(call('c1', { freeform: true, arguments: 'ls' })),
      {
        role: 'tool',
        parts: [{ type: 'tool-result', callId: 'c1', freeform: true, content: [{ type: 'text', text: 'x' }] }],
      },
    ],
    [
      { type: 'custom_tool_call', call_id: 'c1', name: 'f', input: 'ls' },
      { type: 'custom_tool_call_output', call_id: 'c1', output: 'x' },
    ],
  ],
  [
    'trap 51: a name in another alphabet is written in this one',
    [assistant(call('c1', { name: 'a.b' }))],
    [{ type: 'function_call', call_id: 'c1', name: 'a_u2e_b', arguments: '{"a":1}' }],
  ],
  [
    'a refusal of the history is a message as the API writes it',
    [assistant({ type: 'refusal', text: 'No' })],
    [
      {
        type: 'message',
        id: 'msg_messages_0_parts_0',
        role: 'assistant',
        status: 'completed',
        content: [{ type: 'refusal', refusal: 'No' }],
      },
    ],
  ],
  [
    'trap 87: proofs of others are not sent, those of the one who is asked are',
    [
      assistant(
        { type: 'reasoning', text: 'a', signature: 's', issuer: 'anthropic' },
        { type: 'reasoning', text: '', encrypted: 'e', issuer: 'gemini' },
        { type: 'reasoning', text: 'b', encrypted: 'mine', issuer: 'openai-responses', id: 'rs_1' },
        say('Hi'),
      ),
    ],
    [
      { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'b' }], encrypted_content: 'mine' },
      { role: 'assistant', content: 'Hi' },
    ],
    ['messages.0.parts.0: dropped', 'messages.0.parts.1: dropped'],
  ],
  [
    'trap 87: a vendor of this protocol gets its own proofs, bare',
    [
      assistant(
        { type: 'reasoning', text: '', encrypted: 'e', issuer: 'xai' },
        { type: 'reasoning', text: '', encrypted: 'x', issuer: 'openai-responses' },
      ),
    ],
    [{ type: 'reasoning', summary: [], encrypted_content: 'e' }],
    ['messages.0.parts.1: dropped'],
    { issuer: 'xai' },
  ],
  [
    'trap 99: a thought without proof is not sent',
    [assistant({ type: 'reasoning', text: 'Hm' }, say('Hi'))],
    [{ role: 'assistant', content: 'Hi' }],
    ['messages.0.parts.0: dropped'],
  ],
  [
    'trap 94: unless the model wants its thoughts back',
    [assistant({ type: 'reasoning', text: 'Hm' }, say('Hi'))],
    [
      { type: 'reasoning', summary: [{ type: 'summary_text', text: 'Hm' }] },
      { role: 'assistant', content: 'Hi' },
    ],
    [],
    { replaysReasoning: true },
  ],
]

describe('requests for Responses, written', () => {
  for (const [title, messages, wire, losses = [], facts = {}] of MESSAGES) {
    it(title, () => {
      const whole = completeConversation(messages)
      const { body, losses: lost } = encodeWith({ messages: whole.messages }, facts)
      expect(body.input.slice(whole.calls, body.input.length - whole.results)).to.deep.equal(wire)
      // A turn in front counts.
      const lead = whole.calls > 0 ? 1 : 0
      const place = (loss: string) => loss.replace(/^messages\.(\d+)/, (_all, at) => `messages.${Number(at) + lead}`)
      expect(sketchLosses(lost)).to.deep.equal((losses ?? []).map(place))
    })
  }

  it('trap 76, trap 78: leading system text is the instructions, but not when nothing else is said', () => {
    const system: Message = { role: 'system', parts: [say('Be'), say('brief')] }
    const spoken = encodeWith({ messages: [system, user(say('Hi')), { role: 'system', parts: [say('Later')] }] }).body
    expect(spoken.instructions).to.equal('Be\n\nbrief')
    expect(spoken.input.map((item: any) => item.role)).to.deep.equal(['user', 'system'])
    const alone = encodeWith({ messages: [system] }).body
    expect(alone.instructions).to.equal(undefined)
    expect(alone.input).to.deep.equal([{ type: 'message', role: 'system', content: [input('Be'), input('brief')] }])
  })

  it('trap 42: an id that is too long becomes the same short one in call and result', () => {
    const long = 'x'.repeat(65)
    const { body } = encodeWith({ messages: [assistant(call(long)), user(result(long))] })
    const [asked, answered] = body.input
    expect(asked.call_id).to.match(/^call_[0-9a-f]{24}$/)
    expect(answered.call_id).to.equal(asked.call_id)
    expect(encodeWith({ messages: [assistant(call(`${long}y`))] }).body.input[0].call_id).to.not.equal(asked.call_id)
    expect(encodeWith({ messages: [assistant(call('x'.repeat(64)))] }).body.input[0].call_id).to.equal('x'.repeat(64))
  })

  it('what only another protocol has is reported by its place', () => {
    const extra = { protocol: 'other', fields: { x: 1 } }
    const { losses } = encodeWith({
      extra,
      messages: [{ role: 'user', parts: [{ type: 'text', text: 'Hi', extra, cache: {} }], extra }],
      tools: [{ type: 'function', name: 'f', extra, cache: {} }],
    })
    expect(sketchLosses(losses)).to.deep.equal([
      'messages.0.parts.0.cache: dropped',
      'messages.0.parts.0.x: dropped',
      'messages.0.x: dropped',
      'tools.0.cache: dropped',
      'tools.0.x: dropped',
      'x: dropped',
    ])
  })

  it('K36, lesson 52: tools inside the input are lifted out, and stand there again', () => {
    const at = { type: 'additional_tools', id: 'at_1', role: 'developer' }
    const exec = { type: 'custom', name: 'exec' }
    const sleep = { type: 'function', name: 'sleep', parameters: { type: 'object' } }
    const members = {
      input: [
        {
          ...at,
          tools: [
            { type: 'namespace', name: 'functions', description: 'd', tools: [exec] },
            { type: 'namespace', name: 'clock', description: '', tools: [sleep] },
          ],
        },
        { role: 'user', content: 'Hi' },
        { type: 'custom_tool_call', call_id: 'c', name: 'exec', namespace: 'functions', input: 'x' },
      ],
      tools: [{ type: 'namespace', name: 'other', description: '', tools: [{ ...sleep, strict: true }] }],
    }
    const { body, losses } = sendOn(members)
    expect(body).to.deep.equal({ model: 'm', ...members })
    expect(losses).to.deep.equal([])
  })
})
