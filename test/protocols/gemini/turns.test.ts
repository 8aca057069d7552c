import { expect } from 'chai'
import fc from 'fast-check'
import type { Message, Role } from '../../../protocols/ir/message.ts'
import type { Part, ToolCallPart, ToolResultPart } from '../../../protocols/ir/part.ts'
import { encodeMessages } from './exchange.ts'

const user = (...parts: Part[]): Message => ({ role: 'user', parts })
const model = (...parts: Part[]): Message => ({ role: 'assistant', parts })
const tool = (...parts: Part[]): Message => ({ role: 'tool', parts })
const text = (said: string): Part => ({ type: 'text', text: said })
const call = (id: string, name = 'f', more: Partial<ToolCallPart> = {}): ToolCallPart => ({
  type: 'tool-call',
  id,
  name,
  arguments: '{"a":1}',
  ...more,
})
const result = (callId: string, said = 'done', more: Partial<ToolResultPart> = {}): ToolResultPart => ({
  type: 'tool-result',
  callId,
  content: [{ type: 'text', text: said }],
  ...more,
})
const PICTURE: ToolResultPart['content'][number] = {
  type: 'image',
  source: { type: 'base64', mediaType: 'image/png', data: 'AA==' },
}
const SKIP = 'skip_thought_signature_validator'

/** `u:text`, `m:call f#1`, `u:result f#1=done`, ... of each content. */
function sketch(contents: readonly any[]): string[] {
  return contents.map(
    ({ role, parts }) =>
      `${role[0]}:${parts
        .map((part: any) => {
          if (part.text !== undefined) return `${part.thought ? '~' : ''}${part.text}`
          if (part.functionCall) return `${part.functionCall.name}#${part.functionCall.id}`
          if (part.functionResponse) {
            const { id, name, response } = part.functionResponse
            return `${name}#${id}=${response.output ?? `!${response.error}`}`
          }
          return Object.keys(part).join()
        })
        .join('|')}`,
  )
}

const LOST = '!The call was interrupted; there is no result.'

describe('gemini: turns', () => {
  const ROWS: readonly (readonly [string, readonly Message[], readonly string[], readonly string[]])[] = [
    ['a plain conversation', [user(text('a')), model(text('b')), user(text('c'))], ['u:a', 'm:b', 'u:c'], []],
    [
      'trap 75: two turns of one speaker are one',
      [user(text('a')), user(text('b')), model(text('c')), model(text('d')), user(text('e'))],
      ['u:a|b', 'm:c|d', 'u:e'],
      [],
    ],
    [
      'traps 66, 81: all results of a turn stand together, in the order of the calls',
      [user(text('a')), model(call('1'), call('2', 'g')), tool(result('2')), tool(result('1'))],
      ['u:a', 'm:f#1|g#2', 'u:f#1=done|g#2=done'],
      [],
    ],
    [
      'traps 67, 80: results come right after their calls, what else was said after them',
      [user(text('a')), model(text('b'), call('1')), user(text('c')), tool(result('1')), user(text('d'))],
      ['u:a', 'm:b|f#1', 'u:f#1=done', 'u:c|d'],
      [],
    ],
    [
      'results beside text in one message',
      [user(text('a')), model(call('1')), user(text('c'), result('1'))],
      ['u:a', 'm:f#1', 'u:f#1=done', 'u:c'],
      [],
    ],
    [
      'trap 68: a call without a result was interrupted',
      [user(text('a')), model(call('1'), call('2')), tool(result('1')), model(text('b')), user(text('c'))],
      ['u:a', `m:f#1|f#2`, `u:f#1=done|f#2=${LOST}`, 'm:b', 'u:c'],
      ['messages.1.parts.1: changed'],
    ],
    [
      'trap 68: so is one at the end',
      [user(text('a')), model(call('1'))],
      ['u:a', 'm:f#1', `u:f#1=${LOST}`],
      ['messages.1.parts.0: changed'],
    ],
    [
      'trap 68: a result without a call is told in words',
      [user(text('a')), tool(result('9', 'old')), model(text('b')), user(text('c'))],
      ['u:a|Result of an earlier tool call:|old', 'm:b', 'u:c'],
      ['messages.1.parts.0: changed'],
    ],
    [
      'trap 70: of two results of one call the first counts',
      [user(text('a')), model(call('1')), tool(result('1', 'x')), tool(result('1', 'y'))],
      ['u:a', 'm:f#1', 'u:f#1=x'],
      ['messages.3.parts.0: dropped'],
    ],
    [
      'Q23: two calls of one id have a result each',
      [user(text('a')), model(call('1'), call('1')), tool(result('1', 'x')), tool(result('1', 'y'))],
      ['u:a', 'm:f#1|f#1', 'u:f#1=x|f#1=y'],
      [],
    ],
    [
      'an error of a tool',
      [user(text('a')), model(call('1')), tool(result('1', 'bad', { isError: true }))],
      ['u:a', 'm:f#1', 'u:f#1=!bad'],
      [],
    ],
    [
      'trap 83: a wrong or empty name is that of the call',
      [user(text('a')), model(call('1', 'real')), tool(result('1', 'x', { name: '' }))],
      ['u:a', 'm:real#1', 'u:real#1=x'],
      [],
    ],
    [
      'trap 82: the model does not have the last word',
      [user(text('a')), model(text('{'))],
      ['u:a', 'm:{', 'u:Continue.'],
      ['messages: changed'],
    ],
    ['trap 80: nor the first', [model(text('a')), user(text('b'))], ['u:Begin.', 'm:a', 'u:b'], ['messages: changed']],
    ['trap 78: nobody says anything', [{ role: 'system', parts: [text('s')] }], ['u:Begin.'], ['messages: changed']],
    [
      'trap 76: system text in the middle is the user’s',
      [
        user(text('a')),
        { role: 'system', parts: [text('s')] },
        model(text('b')),
        { role: 'developer', parts: [text('d')] },
      ],
      ['u:a|s', 'm:b', 'u:d'],
      ['messages.1: changed', 'messages.3: changed'],
    ],
    ['turns with nothing in them are left out', [user(text('a')), model(text('')), user(text('b'))], ['u:a|b'], []],
  ]
  for (const [title, messages, contents, losses] of ROWS) {
    it(title, () => {
      const sent = encodeMessages(messages)
      expect(sketch(sent.contents)).to.deep.equal(contents)
      expect(sent.losses).to.deep.equal(losses)
    })
  }

  it('trap 76: leading system text stands apart, a part for each text', () => {
    const { system, contents } = encodeMessages([
      { role: 'system', parts: [text('a'), text('b')] },
      { role: 'developer', parts: [text('c')] },
      user(text('d')),
    ])
    expect(system).to.deep.equal({ parts: [{ text: 'a' }, { text: 'b' }, { text: 'c' }] })
    expect(sketch(contents)).to.deep.equal(['u:d'])
    expect(encodeMessages([{ role: 'system', parts: [text(' ')] }, user(text('d'))]).system).to.equal(undefined)
  })

  describe('traps 87, 91, 99: signatures', () => {
    const thought = (more: object): Part => ({ type: 'reasoning', text: 'Hm', ...more })
    const said = (...parts: Part[]) => [user(text('a')), model(...parts), tool(result('1')), user(text('z'))]

    it('those of its own issuer go back where they were', () => {
      const { contents, losses } = encodeMessages(
        said(
          thought({ signature: 's', issuer: 'gemini' }),
          { ...text('b'), signature: 't', issuer: 'gemini' } as Part,
          call('1', 'f', { signature: 'u', issuer: 'gemini' }),
        ),
        'gemini-3-pro',
      )
      expect(contents[1].parts.map((part: any) => part.thoughtSignature)).to.deep.equal(['s', 't', 'u'])
      expect(losses).to.deep.equal([])
    })
    it('those of another do not, and that is told', () => {
      const { contents, losses } = encodeMessages(
        said(thought({ signature: 's', issuer: 'anthropic' }), call('1', 'f', { signature: 'u', issuer: 'openai' })),
      )
      expect(JSON.stringify(contents)).to.not.contain('thoughtSignature')
      expect(losses).to.deep.equal(['messages.1.parts.0.signature: dropped', 'messages.1.parts.1.signature: dropped'])
      expect(sketch(contents)[1]).to.equal('m:~Hm|f#1')
    })
    it('trap 89: a thought that only its issuer can read is dropped', () =>
      expect(
        encodeMessages(said(thought({ text: '', encrypted: 'x', issuer: 'anthropic' }), call('1'))).losses,
      ).to.deep.equal(['messages.1.parts.0: dropped']))
    it('trap 91, lesson 65: from Gemini 3 on, the first call of a turn needs one: the documented stand-in is the last resort', () => {
      for (const [name, expected] of [
        ['gemini-3-pro-preview', [SKIP, undefined]],
        ['models/gemini-3.5-flash', [SKIP, undefined]],
        ['gemini-2.5-pro', [undefined, undefined]],
        ['their-own-name', [undefined, undefined]],
      ] as const) {
        const messages = [user(text('a')), model(text('b'), call('1'), call('2')), tool(result('1'), result('2'))]
        const { contents, losses } = encodeMessages(messages, name)
        const calls = contents[1].parts.filter((part: any) => part.functionCall)
        expect(
          calls.map((part: any) => part.thoughtSignature),
          name,
        ).to.deep.equal(expected)
        expect(losses).to.deep.equal([])
      }
    })
    it('Q66, trap 92: an empty text with a signature survives, an empty thought without one does not', () => {
      const { contents } = encodeMessages(
        said({ ...text(''), signature: 't', issuer: 'gemini' } as Part, thought({ text: '' }), call('1')),
      )
      expect(contents[1].parts.slice(0, -1)).to.deep.equal([{ text: '', thoughtSignature: 't' }])
    })
    it('trap 88: an empty signature is none', () => {
      const { contents } = encodeMessages(said(thought({ signature: '', issuer: 'gemini' }), call('1')))
      expect(contents[1].parts[0]).to.deep.equal({ text: 'Hm', thought: true })
    })
    it('whose they are tell the facts, where a vendor serves the protocol', () => {
      const messages = said(call('1', 'f', { signature: 'u', issuer: 'vendor' }))
      expect(encodeMessages(messages, 'm', { issuer: 'vendor' }).contents[1].parts[0].thoughtSignature).to.equal('u')
    })
  })

  describe('trap 71: pictures that a tool gave', () => {
    const messages = [
      user(text('a')),
      model(call('1'), call('2')),
      tool(result('1', 'x', { content: [text('x') as never, PICTURE] }), result('2')),
    ]
    it('stand behind all results for most models', () => {
      const { contents } = encodeMessages(messages)
      expect(sketch(contents)[2]).to.equal('u:f#1=x|f#2=done|inlineData')
    })
    it('stand inside of the result from Gemini 3 on', () => {
      const { contents } = encodeMessages(messages, 'gemini-3-pro-preview')
      expect(contents[2].parts[0].functionResponse.parts).to.deep.equal([
        { inlineData: { mimeType: 'image/png', data: 'AA==' } },
      ])
      expect(contents[2].parts).to.have.length(2)
    })
  })

  describe('trap 72: arguments', () => {
    for (const [args, expected, losses] of [
      ['{"a":1}', { a: 1 }, []],
      ['', {}, []],
      ['[1]', { _raw: '[1]' }, ['messages.1.parts.0.arguments: changed']],
      ['{"a":', { _raw: '{"a":' }, ['messages.1.parts.0.arguments: changed']],
    ] as const) {
      it(`${JSON.stringify(args)} is ${JSON.stringify(expected)}`, () => {
        const sent = encodeMessages([user(text('a')), model(call('1', 'f', { arguments: args })), tool(result('1'))])
        expect(sent.contents[1].parts[0].functionCall.args).to.deep.equal(expected)
        expect(sent.losses).to.deep.equal(losses)
      })
    }
    it('trap 46: free text is the member `input`', () => {
      const sent = encodeMessages([
        user(text('a')),
        model(call('1', 'f', { arguments: '*** x', freeform: true })),
        tool(result('1')),
      ])
      expect(sent.contents[1].parts[0].functionCall.args).to.deep.equal({ input: '*** x' })
    })
  })

  it('traps 80 to 82: whatever order comes in, the order that goes out is one that the API takes', () => {
    const part = fc.oneof(
      fc.constantFrom('a', 'b', '').map(text),
      fc.constantFrom('1', '2', '3').map((id) => call(id)),
      fc.constantFrom('1', '2', '3').map((id) => result(id)),
    )
    const message = fc.record({
      role: fc.constantFrom<Role>('user', 'assistant', 'tool', 'system'),
      parts: fc.array(part, { maxLength: 4 }),
    })
    const fits = ({ role, parts }: { role: Role; parts: readonly Part[] }): Message => ({
      role,
      parts: parts.filter(({ type }) =>
        role === 'assistant'
          ? type !== 'tool-result'
          : role === 'user'
            ? type !== 'tool-call'
            : role === 'tool'
              ? type === 'tool-result'
              : type === 'text',
      ),
    })
    fc.assert(
      fc.property(fc.array(message.map(fits), { maxLength: 8 }), (messages) => {
        const { contents } = encodeMessages(messages)
        expect(contents[0].role).to.equal('user')
        expect(contents.at(-1).role).to.equal('user')
        for (const [index, content] of contents.entries()) {
          expect(content.parts).to.not.have.length(0)
          const count = (kind: string, of: any) => (of?.parts ?? []).filter((one: any) => one[kind]).length
          const calls = content.role === 'model' ? count('functionCall', content) : 0
          if (calls > 0) expect(count('functionResponse', contents[index + 1])).to.equal(calls)
          const results = count('functionResponse', content)
          if (results > 0) {
            expect(results, 'nothing but results').to.equal(content.parts.length)
            expect(count('functionCall', contents[index - 1])).to.equal(results)
          }
          if (content.role === 'model') expect(contents[index + 1].role).to.equal('user')
        }
      }),
    )
  })
})
