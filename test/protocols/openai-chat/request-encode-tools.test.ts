import { expect } from 'chai'
import type { Part } from '../../../protocols/ir/part.ts'
import type { Tool } from '../../../protocols/ir/tool.ts'
import { assistant, call, encodeMessages, PICTURE_URL, picture, result, text, user } from './encode-messages.ts'
import { encodeWith, sketchLosses } from './exchange.ts'

describe('tool results of another protocol', () => {
  it('trap 66, trap 67: come first, each in a message of its own, and what the user said beside them comes after', () => {
    const { messages } = encodeMessages([
      assistant(call('a'), call('b')),
      user(text('and?'), result('a', { type: 'text', text: '1' }), result('b', { type: 'text', text: '2' })),
    ])
    expect(messages.slice(1)).to.deep.equal([
      { role: 'tool', tool_call_id: 'a', content: '1' },
      { role: 'tool', tool_call_id: 'b', content: '2' },
      { role: 'user', content: 'and?' },
    ])
  })

  it('trap 71: pictures move behind all results of the turn, and the move is reported', () => {
    const sent = encodeMessages([
      assistant(call('a'), call('b')),
      { role: 'tool', parts: [result('a', picture)] },
      { role: 'tool', parts: [result('b', { type: 'text', text: '2' })] },
      user(text('and?')),
    ])
    expect(sent.messages.slice(1)).to.deep.equal([
      { role: 'tool', tool_call_id: 'a', content: 'See the content of a below.' },
      { role: 'tool', tool_call_id: 'b', content: '2' },
      { role: 'user', content: [{ type: 'text', text: 'Content of the tool result a:' }, PICTURE_URL] },
      { role: 'user', content: 'and?' },
    ])
    expect(sent.losses).to.deep.equal(['messages.1.parts.0.content.0: changed'])
  })

  it('trap 71: pictures stand before what the user said in the same message', () => {
    const { messages } = encodeMessages([user(result('a', { type: 'text', text: 'see' }, picture), text('and?'))])
    expect(messages).to.deep.equal([
      { role: 'tool', tool_call_id: 'a', content: 'see' },
      {
        role: 'user',
        content: [{ type: 'text', text: 'Content of the tool result a:' }, PICTURE_URL, { type: 'text', text: 'and?' }],
      },
    ])
  })

  it('trap 71: pictures at the end of the conversation are told too', () => {
    const { messages } = encodeMessages([user(result('a', picture))])
    expect(messages.map(({ role }: any) => role)).to.deep.equal(['tool', 'user'])
  })

  it('trap 70: only the first result of a call counts, in each turn (Q23: ids come again)', () => {
    const ok = result('a', { type: 'text', text: '1' })
    const sent = encodeMessages([user(ok, ok), assistant(call('a')), user(ok)])
    expect(sent.messages.map(({ role }: any) => role)).to.deep.equal(['tool', 'assistant', 'tool'])
    expect(sent.losses).to.deep.equal(['messages.0.parts.1: dropped'])
  })

  it('a failure cannot be told but by the text', () => {
    const failed: Part = {
      type: 'tool-result',
      callId: 'a',
      content: [{ type: 'text', text: 'no such file' }],
      isError: true,
    }
    const sent = encodeMessages([user(failed)])
    expect(sent.messages).to.deep.equal([{ role: 'tool', tool_call_id: 'a', content: 'no such file' }])
    expect(sent.losses).to.deep.equal(['messages.0.parts.0.isError: dropped'])
  })

  it('a result without content is an empty text, several texts are lines', () => {
    const two = result('b', { type: 'text', text: '1' }, { type: 'text', text: '2' })
    expect(encodeMessages([user(result('a'), two)]).messages.map(({ content }: any) => content)).to.deep.equal([
      '',
      '1\n2',
    ])
  })

  it('trap 150: a cache mark on a result is one on its text', () => {
    const marked: Part = { ...(result('a', { type: 'text', text: '1' }) as Part), cache: {} }
    const [message] = encodeMessages([user(marked)], { cacheMarks: true }).messages
    expect(message.content).to.deep.equal([{ type: 'text', text: '1', cache_control: { type: 'ephemeral' } }])
    expect(encodeMessages([user(marked)]).losses).to.deep.equal(['messages.0.parts.0.cache: dropped'])
  })

  it('trap 42: ids beyond 40 characters are shortened, the same for call and result, and never alike', () => {
    const long = `toolu_${'x'.repeat(50)}`
    const other = `toolu_${'x'.repeat(49)}y`
    const { messages } = encodeMessages([assistant(call(long), call(other)), user(result(long), result(other))])
    const [first, second] = messages[0].tool_calls.map(({ id }: any) => id)
    expect(first).to.match(/^call_[0-9a-f]{24}$/)
    expect(first).to.not.equal(second)
    expect(messages.slice(1).map((one: any) => one.tool_call_id)).to.deep.equal([first, second])
  })

  it('ids of up to 40 characters stay, whatever they are made of', () => {
    const id = `toolu.${'ü'.repeat(34)}`
    expect(encodeMessages([assistant(call(id))]).messages[0].tool_calls[0].id).to.equal(id)
  })
})

describe('tools of another protocol', () => {
  function encodeTools(tools: readonly Tool[], others: object = {}, facts: object = {}) {
    const { body, losses } = encodeWith({ tools, ...others }, facts)
    return { body, tools: body.tools, losses: sketchLosses(losses) }
  }
  const schema = { type: 'object', properties: { a: { type: 'string' } } }

  const SCHEMAS: readonly (readonly [title: string, parameters: any, written: object])[] = [
    ['no schema at all', undefined, { type: 'object', properties: {} }],
    ['an empty schema', {}, { type: 'object', properties: {} }],
    ['a schema without properties', { type: 'object' }, { type: 'object', properties: {} }],
    ['a schema without type', { properties: { a: {} } }, { type: 'object', properties: { a: {} } }],
    ['lesson 35: a schema of something else', { type: 'string' }, { type: 'object', properties: {} }],
    [
      'a schema made of others',
      { $ref: '#/$defs/a', $defs: { a: schema } },
      { $ref: '#/$defs/a', $defs: { a: schema } },
    ],
    ['a whole schema', schema, schema],
  ]
  for (const [title, parameters, written] of SCHEMAS) {
    it(`trap 124: ${title} becomes one of an object`, () => {
      const tool: Tool = { type: 'function', name: 'f', ...(parameters === undefined ? {} : { parameters }) }
      expect(encodeTools([tool]).tools[0].function.parameters).to.deep.equal(written)
    })
  }

  it('trap 123: strict goes only where the schema keeps its rules', () => {
    const strict = (parameters: any): Tool => ({ type: 'function', name: 'f', parameters, strict: true })
    const closed = { ...schema, required: ['a'], additionalProperties: false }
    expect(encodeTools([strict(closed)]).tools[0].function.strict).to.equal(true)
    const open = encodeTools([strict(schema)])
    expect(open.tools[0].function).to.not.have.property('strict')
    expect(open.losses).to.deep.equal(['tools.0.strict: dropped'])
    const nested = { ...closed, properties: { a: { type: 'array', items: { anyOf: [schema] } } } }
    expect(encodeTools([strict(nested)]).tools[0].function).to.not.have.property('strict')
    expect(encodeTools([{ ...strict(schema), strict: false } as Tool]).losses).to.deep.equal([])
  })

  it('trap 46: a freeform tool is a custom one', () => {
    const tool: Tool = { type: 'freeform', name: 'patch', description: 'd', format: { type: 'text' } }
    const facts = { freeformTools: true }
    expect(encodeWith({ tools: [tool] }, facts).body.tools).to.deep.equal([
      { type: 'custom', custom: { name: 'patch', description: 'd', format: { type: 'text' } } },
    ])
    const freeform: Part = { type: 'tool-call', id: 'a', name: 'patch', arguments: '*** Begin', freeform: true }
    expect(encodeWith({ messages: [assistant(freeform)] }, facts).body.messages[0].tool_calls).to.deep.equal([
      { id: 'a', type: 'custom', custom: { name: 'patch', input: '*** Begin' } },
    ])
  })

  it('trap 46, K36: where nobody knows of custom tools, it is a function with one string, and so are its calls', () => {
    const format = { type: 'grammar', syntax: 'lark', definition: 'start: "x"' }
    const tool: Tool = { type: 'freeform', name: 'patch', description: 'd', format }
    const freeform: Part = { type: 'tool-call', id: 'a', name: 'patch', arguments: '*** Begin', freeform: true }
    for (const facts of [{}, { freeformTools: false }]) {
      const choice = { toolChoice: { type: 'tool', name: 'patch' } } as const
      const { body, losses } = encodeWith({ tools: [tool], ...choice, messages: [assistant(freeform)] }, facts)
      expect(body.tools[0]).to.include({ type: 'function' })
      expect(body.tools[0].function).to.deep.include({
        name: 'patch',
        parameters: { type: 'object', properties: { input: { type: 'string' } }, required: ['input'] },
      })
      expect(body.tools[0].function.description).to.include(JSON.stringify(format))
      expect(body.tool_choice).to.deep.equal({ type: 'function', function: { name: 'patch' } })
      const [call] = body.messages[0].tool_calls
      expect(call).to.include({ type: 'function' })
      expect(JSON.parse(call.function.arguments)).to.deep.equal({ input: '*** Begin' })
      expect(sketchLosses(losses)).to.include('tools.0: changed')
    }
  })

  it('trap 48: a tool that another protocol’s back end runs is left out and reported', () => {
    const hosted: Tool = { type: 'hosted', name: 'web_search', protocol: 'other', value: {} }
    const sent = encodeTools([hosted, { type: 'function', name: 'f' }])
    expect(sent.tools).to.have.length(1)
    expect(sent.losses).to.deep.equal(['tools.0: dropped'])
  })

  it('trap 117, lesson 36: a choice among no tools is left out and reported, also where all tools were', () => {
    const hosted: Tool = { type: 'hosted', name: 'web_search', protocol: 'other', value: {} }
    for (const tools of [[], [hosted]]) {
      const { body, losses } = encodeWith({ tools, toolChoice: { type: 'required' }, parallelToolCalls: false })
      expect(body).to.not.have.any.keys('tools', 'tool_choice', 'parallel_tool_calls')
      expect(sketchLosses(losses)).to.include.members(['toolChoice: dropped', 'parallelToolCalls: dropped'])
    }
  })

  const CHOICES: readonly (readonly [choice: any, wire: unknown])[] = [
    [{ type: 'auto' }, 'auto'],
    [{ type: 'none' }, 'none'],
    [{ type: 'required' }, 'required'],
    [
      { type: 'tool', name: 'f' },
      { type: 'function', function: { name: 'f' } },
    ],
    [
      { type: 'tool', name: 'c' },
      { type: 'custom', custom: { name: 'c' } },
    ],
    [
      { type: 'allowed', mode: 'auto', names: ['f'] },
      {
        type: 'allowed_tools',
        allowed_tools: { mode: 'auto', tools: [{ type: 'function', function: { name: 'f' } }] },
      },
    ],
  ]
  for (const [toolChoice, wire] of CHOICES) {
    it(`trap 116: the choice ${JSON.stringify(toolChoice)}`, () => {
      const tools: Tool[] = [
        { type: 'function', name: 'f' },
        { type: 'freeform', name: 'c' },
      ]
      expect(encodeWith({ tools, toolChoice }, { freeformTools: true }).body.tool_choice).to.deep.equal(wire)
    })
  }

  it('trap 118: one call at a time', () => {
    expect(
      encodeTools([{ type: 'function', name: 'f' }], { parallelToolCalls: false }).body.parallel_tool_calls,
    ).to.equal(false)
  })

  it('trap 51, trap 52: foreign characters in names are escaped everywhere alike, and it is told whose they are', () => {
    const name = 'files/read.all:ü'
    const { body, called } = encodeWith({
      tools: [{ type: 'function', name }],
      toolChoice: { type: 'tool', name },
      messages: [
        assistant(call('a', name)),
        { role: 'tool', parts: [{ type: 'tool-result', callId: 'a', name, content: [] }] },
      ],
    })
    const written = body.tools[0].function.name
    expect(written).to.match(/^[a-zA-Z0-9_-]+$/)
    expect(body.tool_choice.function.name).to.equal(written)
    expect(body.messages[0].tool_calls[0].function.name).to.equal(written)
    expect(body.messages[1].name).to.equal(written)
    expect(called?.get(written)).to.deep.equal({ name })
  })

  it('trap 47: groups of tools are reported', () => {
    const sent = encodeWith({
      tools: [{ type: 'function', name: 'f', namespace: 'n' }],
      messages: [assistant({ type: 'tool-call', id: 'a', name: 'f', arguments: '{}', namespace: 'n' })],
    })
    expect(sketchLosses(sent.losses)).to.include('tools.0.namespace: changed')
  })

  it('trap 150: cache marks on tools', () => {
    const tool: Tool = { type: 'function', name: 'f', cache: {} }
    expect(encodeTools([tool], {}, { cacheMarks: true }).tools[0].cache_control).to.deep.equal({ type: 'ephemeral' })
    expect(encodeTools([tool]).losses).to.deep.equal(['tools.0.cache: dropped'])
  })
})
