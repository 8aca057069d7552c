import { expect } from 'chai'
import type { Message } from '../../../protocols/ir/message.ts'
import type { Part } from '../../../protocols/ir/part.ts'
import { assistant, call, encodeMessages, PICTURE_URL, picture, result, text, user } from './encode-messages.ts'
import { encodeWith, sendOn, sketchLosses } from './exchange.ts'
import { hasRecordings, loadSchema } from './recordings.ts'

describe('a message of another protocol becomes one of this', () => {
  it('a single text is a string, several of a user are a list', () => {
    const { messages } = encodeMessages([user(text('a')), user(text('a'), text('b'))])
    expect(messages).to.deep.equal([
      { role: 'user', content: 'a' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
        ],
      },
    ])
  })

  it('several texts of an assistant are one, without anything between (Q61)', () => {
    expect(encodeMessages([assistant(text('a'), text('b'))]).messages).to.deep.equal([
      { role: 'assistant', content: 'ab' },
    ])
  })

  it('trap 79: system text in blocks is one text with the blocks as paragraphs', () => {
    const system: Message = { role: 'system', parts: [text('a'), text('b')] }
    expect(encodeMessages([system]).messages).to.deep.equal([{ role: 'system', content: 'a\n\nb' }])
  })

  it('trap 73: an empty text is left out', () => {
    expect(encodeMessages([user(text(''), text('a'))]).messages).to.deep.equal([{ role: 'user', content: 'a' }])
  })

  it('trap 54, trap 74: content is null beside calls, and a string without', () => {
    expect(encodeMessages([assistant(call('c'))]).messages[0]).to.deep.equal({
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }],
    })
    expect(encodeMessages([assistant()]).messages[0]).to.deep.equal({ role: 'assistant', content: '' })
  })

  it('trap 146: text beside calls stays, and what came after a call is told before it', () => {
    const sent = encodeMessages([assistant(text('a'), call('c'), text('b'))])
    expect(sent.messages[0].content).to.equal('ab')
    expect(sent.losses).to.deep.equal(['messages.0.parts.2: changed'])
  })

  const ROLES: readonly (readonly [title: string, facts: object, role: string, losses: string[]])[] = [
    ['system where nobody knows', {}, 'system', ['messages.0.role: changed']],
    ['system where it is not known', { developerRole: false }, 'system', ['messages.0.role: changed']],
    ['itself where it is known', { developerRole: true }, 'developer', []],
  ]
  for (const [title, facts, role, losses] of ROLES) {
    it(`trap 77: the role developer becomes ${title}`, () => {
      const sent = encodeMessages([{ role: 'developer', parts: [text('a')] }], facts)
      expect(sent).to.deep.equal({ messages: [{ role, content: 'a' }], losses })
    })
  }

  it('trap 77: of this protocol’s own client it stays, but where the model is known not to know it', () => {
    const messages = [{ role: 'developer', content: 'a' }]
    expect(sendOn({ messages }).body.messages).to.deep.equal(messages)
    expect(sendOn({ messages }, { developerRole: false }).body.messages[0].role).to.equal('system')
  })

  it('trap 76: system text in the middle stays where it is', () => {
    const { messages } = encodeMessages([user(text('a')), { role: 'system', parts: [text('s')] }])
    expect(messages.map(({ role }: any) => role)).to.deep.equal(['user', 'system'])
  })

  const MEDIA: readonly (readonly [title: string, part: Part, wire: object | undefined, loss?: string])[] = [
    ['a picture as bytes', picture, PICTURE_URL],
    [
      'a picture by URL',
      { type: 'image', source: { type: 'url', url: 'https://a' }, detail: 'high' },
      { type: 'image_url', image_url: { url: 'https://a', detail: 'high' } },
    ],
    [
      'a picture that lies elsewhere',
      { type: 'image', source: { type: 'file-id', id: 'x', protocol: 'other' } },
      undefined,
      'messages.0.parts.1: dropped',
    ],
    [
      'trap 131: a sound',
      { type: 'audio', source: { type: 'base64', mediaType: 'audio/x-wav', data: 'AA' } },
      { type: 'input_audio', input_audio: { data: 'AA', format: 'wav' } },
    ],
    [
      'a sound by URL',
      { type: 'audio', source: { type: 'url', url: 'https://a' } },
      undefined,
      'messages.0.parts.1: dropped',
    ],
    [
      'trap 130: a document',
      { type: 'file', source: { type: 'base64', mediaType: 'application/pdf', data: 'AA' } },
      { type: 'file', file: { filename: 'document.pdf', file_data: 'data:application/pdf;base64,AA' } },
    ],
    [
      'a document in plain text',
      { type: 'file', source: { type: 'text', mediaType: 'text/plain', text: 'words' }, filename: 'a.txt' },
      { type: 'text', text: 'a.txt\n\nwords' },
      'messages.0.parts.1: changed',
    ],
    [
      'a document by URL',
      { type: 'file', source: { type: 'url', url: 'https://a' } },
      undefined,
      'messages.0.parts.1: dropped',
    ],
    [
      'a document that lies elsewhere',
      { type: 'file', source: { type: 'file-id', id: 'x', protocol: 'other' } },
      undefined,
      'messages.0.parts.1: dropped',
    ],
    [
      'a block of another protocol',
      { type: 'opaque', protocol: 'other', value: {} },
      undefined,
      'messages.0.parts.1: dropped',
    ],
  ]
  for (const [title, part, wire, loss] of MEDIA) {
    it(title, () => {
      const sent = encodeMessages([user(text('a'), part)])
      expect(sent.messages[0].content).to.deep.equal(wire === undefined ? 'a' : [{ type: 'text', text: 'a' }, wire])
      expect(sent.losses).to.deep.equal(loss === undefined ? [] : [loss])
    })
  }

  it('what an assistant cannot show here is reported, each thing by its place', () => {
    const file: Part = { type: 'file', source: { type: 'url', url: 'https://a' } }
    const audio: Part = { type: 'audio', source: { type: 'base64', mediaType: 'audio/wav', data: 'AA' } }
    const sent = encodeMessages([assistant(text('a'), picture, file, audio, result('c'))])
    expect(sent.messages).to.deep.equal([{ role: 'assistant', content: 'a' }])
    expect(sent.losses).to.deep.equal([1, 2, 3, 4].map((index) => `messages.0.parts.${index}: dropped`))
  })

  it('trap 150: cache marks go to those who read them, and are reported to others', () => {
    const marked: Part = { type: 'text', text: 'a', cache: { ttl: '1h' } }
    expect(encodeMessages([user(marked)])).to.deep.equal({
      messages: [{ role: 'user', content: 'a' }],
      losses: ['messages.0.parts.0.cache: dropped'],
    })
    expect(encodeMessages([user(marked)], { cacheMarks: true })).to.deep.equal({
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'a', cache_control: { type: 'ephemeral', ttl: '1h' } }] },
      ],
      losses: [],
    })
  })

  it('signatures and citations on text are reported', () => {
    const citation = { url: 'u', original: { protocol: 'other', value: {} } }
    const part: Part = { type: 'text', text: 'a', signature: 's', citations: [citation] }
    expect(encodeMessages([user(part)]).losses).to.deep.equal([
      'messages.0.parts.0.signature: dropped',
      'messages.0.parts.0.citations: dropped',
    ])
  })

  it('members that another protocol kept are reported by their names', () => {
    const extra = { protocol: 'other', fields: { mood: 1 } }
    const sent = encodeMessages([{ ...user({ type: 'text', text: 'a', extra }), extra }])
    expect(sent.losses).to.have.members(['messages.0.mood: dropped', 'messages.0.parts.0.mood: dropped'])
  })
})

describe('thoughts of the history', () => {
  const thought: Part = { type: 'reasoning', text: 'hm' }
  const signed: Part = { type: 'reasoning', text: 'hm', signature: 'S', issuer: 'anthropic' }
  const sealed: Part = { type: 'reasoning', text: '', encrypted: 'E', issuer: 'xai' }

  it('are reported where the model is not known to want them', () => {
    expect(encodeMessages([assistant(thought, text('a'))])).to.deep.equal({
      messages: [{ role: 'assistant', content: 'a' }],
      losses: ['messages.0.parts.0: dropped'],
    })
  })

  it('trap 94, lesson 40: are told as text where the model wants them back', () => {
    const sent = encodeMessages([assistant(thought, text('a'))], { replaysReasoning: true })
    expect(sent).to.deep.equal({ messages: [{ role: 'assistant', content: 'a', reasoning_content: 'hm' }], losses: [] })
  })

  it('trap 94, lesson 40: beside calls the member stands even where the thoughts are gone', () => {
    const [message] = encodeMessages([assistant(call('c'))], { replaysReasoning: true }).messages
    expect(message.reasoning_content).to.equal('')
    expect(encodeMessages([assistant(text('a'))], { replaysReasoning: true }).messages[0]).to.not.have.property(
      'reasoning_content',
    )
  })

  it('trap 87: a proof goes to its issuer only', () => {
    const known = encodeMessages([assistant(signed, text('a'))], { issuer: 'anthropic' })
    expect(known.messages[0].reasoning_details).to.deep.equal([
      { type: 'reasoning.text', text: 'hm', signature: 'S', format: 'anthropic-claude-v1', index: 0 },
    ])
    expect(known.losses).to.deep.equal([])
    const foreign = encodeMessages([assistant(signed, sealed, text('a'))])
    expect(foreign.messages[0]).to.deep.equal({ role: 'assistant', content: 'a' })
    expect(foreign.losses).to.deep.equal([
      'messages.0.parts.0.signature: dropped',
      'messages.0.parts.0: dropped',
      'messages.0.parts.1.encrypted: dropped',
      'messages.0.parts.1: dropped',
    ])
  })

  it('trap 87: the text of a foreign proof is kept where the model wants thoughts', () => {
    const sent = encodeMessages([assistant(signed, text('a'))], { replaysReasoning: true })
    expect(sent.messages[0].reasoning_content).to.equal('hm')
    expect(sent.losses).to.deep.equal(['messages.0.parts.0.signature: dropped'])
  })

  it('trap 89: an encrypted thought goes back whole', () => {
    const [message] = encodeMessages([assistant(sealed, text('a'))], { issuer: 'xai' }).messages
    expect(message.reasoning_details).to.deep.equal([
      { type: 'reasoning.encrypted', data: 'E', format: 'xai-responses-v1', index: 0 },
    ])
  })

  it('trap 89: what can be read of an encrypted thought is told beside it', () => {
    const half: Part = { type: 'reasoning', text: 'hm', encrypted: 'E', issuer: 'xai', id: 'rs' }
    const [message] = encodeMessages([assistant(half, text('a'))], { issuer: 'xai' }).messages
    expect(message.reasoning_details).to.deep.equal([
      { type: 'reasoning.summary', summary: 'hm', id: 'rs', format: 'xai-responses-v1', index: 0 },
      { type: 'reasoning.encrypted', data: 'E', id: 'rs', format: 'xai-responses-v1', index: 0 },
    ])
  })

  it('trap 91: the proof on a call is an entry that names the call', () => {
    const proven: Part = { type: 'tool-call', id: 'c', name: 'f', arguments: '{}', signature: 'S', issuer: 'gemini' }
    const [message] = encodeMessages([assistant(proven)], { issuer: 'gemini' }).messages
    expect(message.reasoning_details).to.deep.equal([
      { type: 'reasoning.encrypted', data: 'S', id: 'c', format: 'google-gemini-v1' },
    ])
    expect(encodeMessages([assistant(proven)]).losses).to.deep.equal(['messages.0.parts.0.signature: dropped'])
  })

  it('trap 87: what this protocol’s client brings goes to a known issuer only where it is that one’s', () => {
    const details = [
      { type: 'reasoning.text', text: 'hm', signature: 'S', format: 'anthropic-claude-v1', index: 0 },
      { type: 'reasoning.encrypted', data: 'E', format: 'xai-responses-v1', index: 1 },
    ]
    const messages = [{ role: 'assistant', content: 'a', reasoning_details: details }]
    expect(sendOn({ messages }, { issuer: 'anthropic' }).body.messages[0].reasoning_details).to.deep.equal(
      details.slice(0, 1),
    )
    const other = sendOn({ messages }, { issuer: 'deepseek' })
    expect(other.body.messages[0].reasoning_details).to.deep.equal([
      { type: 'reasoning.text', text: 'hm', format: 'anthropic-claude-v1', index: 0 },
    ])
    expect(sketchLosses(other.losses)).to.deep.equal([
      'messages.0.parts.0.signature: dropped',
      'messages.0.parts.1.encrypted: dropped',
    ])
  })

  it('trap 88: an empty signature is no proof', () => {
    const messages = [
      { role: 'assistant', content: 'a', reasoning_details: [{ type: 'reasoning.text', text: 'hm', signature: '' }] },
    ]
    const { losses, body } = sendOn({ messages }, { issuer: 'other' })
    expect(losses).to.deep.equal([])
    expect(body.messages).to.deep.equal(messages)
  })
})

describe('what is written for a back end', () => {
  it('is a request by OpenAI’s schema, whatever it was made of', function () {
    if (!hasRecordings) {
      console.log('    skipped: the schemas are not at hand')
      this.skip()
    }
    const { body } = encodeWith({
      stream: true,
      messages: [
        { role: 'system', parts: [text('s')] },
        user(text('a'), picture, { type: 'audio', source: { type: 'base64', mediaType: 'audio/mpeg', data: 'AA' } }),
        assistant({ type: 'reasoning', text: 'hm', signature: 'S', issuer: 'x' }, text('b'), call('c', 'a.b'), {
          type: 'refusal',
          text: 'no',
        }),
        user(result('c', { type: 'text', text: '1' }, picture), text('and?')),
      ],
      tools: [
        { type: 'function', name: 'a.b' },
        { type: 'freeform', name: 'p', format: { type: 'text' } },
      ],
      toolChoice: { type: 'allowed', mode: 'required', names: ['p'] },
      settings: {
        maxOutputTokens: 5,
        reasoning: { effort: 'low' },
        responseFormat: { type: 'json-schema', schema: {} },
        stop: ['a'],
      },
    })
    expect(loadSchema('request')(body)).to.equal(undefined)
  })
})
