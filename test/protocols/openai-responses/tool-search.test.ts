import { expect } from 'chai'
import { codecs } from '../../../protocols/index.ts'
import { decodeWith, encodeParts, encodeStream, sendOn, sketchLosses } from './exchange.ts'

const SEARCH = {
  type: 'tool_search',
  execution: 'client',
  description: 'Finds tools.',
  parameters: { type: 'object', properties: { query: { type: 'string' } }, required: ['query'] },
}
const later = (name: string) => ({
  type: 'function',
  name,
  description: `Does ${name}.`,
  parameters: { type: 'object', properties: {} },
  strict: false,
  defer_loading: true,
})
const CALL = {
  type: 'tool_search_call',
  id: 'tsc_1',
  status: 'completed',
  call_id: 'c1',
  execution: 'client',
  arguments: { query: 'rates' },
}
const found = (...tools: object[]) => ({
  type: 'tool_search_output',
  call_id: 'c1',
  status: 'completed',
  execution: 'client',
  tools,
})
const USER = { role: 'user', content: 'What is the rate?' }

const chat = codecs.find(({ name }) => name === 'openai-chat')!

/** A client's request, as a back end that knows nothing of searching is told of it. */
function tellChat(members: object) {
  const { body, losses } = chat.request.encode(decodeWith(members), {})
  return { body: JSON.parse(JSON.stringify(body)), losses: sketchLosses(losses) }
}

describe('tools that the client looks up for the model (K35)', () => {
  const ROWS: readonly (readonly [string, object])[] = [
    ['before a search', { tools: [SEARCH, later('a')], input: [USER] }],
    ['with what was declared', { tools: [SEARCH, later('a'), later('b')], input: [USER, CALL, found(later('a'))] }],
    ['with what nobody declared', { tools: [SEARCH], input: [USER, CALL, found(later('a'))] }],
    [
      'with a group',
      {
        tools: [SEARCH],
        input: [USER, CALL, found({ type: 'namespace', name: 'g', description: 'G.', tools: [later('a')] })],
      },
    ],
    ['with nothing', { tools: [SEARCH], input: [USER, CALL, found()] }],
    ['with arguments in text', { tools: [SEARCH], input: [USER, { ...CALL, arguments: '{"query":"x"}' }, found()] }],
    [
      'by the API itself',
      {
        tools: [{ type: 'tool_search' }, later('a')],
        input: [USER, { ...CALL, execution: 'server', call_id: null }],
      },
    ],
  ]
  for (const [title, members] of ROWS) {
    it(`a search ${title} goes back to the same protocol as it came`, () => {
      const { body, losses } = sendOn(members)
      expect(body).to.deep.equal({ model: 'm', ...members })
      expect(losses).to.deep.equal([])
    })
  }

  it('elsewhere the search is a function, and what was not looked up is out of sight, which is told', () => {
    const { body, losses } = tellChat({ tools: [SEARCH, later('a')], input: [USER] })
    expect(body.tools).to.deep.equal([
      {
        type: 'function',
        function: { name: 'tool_search', description: SEARCH.description, parameters: SEARCH.parameters },
      },
    ])
    expect(losses).to.deep.equal(['tools.1: dropped'])
  })

  it('elsewhere its calls and results are those of a function, and what was found is an ordinary tool, once', () => {
    for (const declared of [[later('a'), later('b')], []]) {
      const { body } = tellChat({ tools: [SEARCH, ...declared], input: [USER, CALL, found(later('a'))] })
      expect(body.tools.map((tool: any) => tool.function.name)).to.deep.equal(['tool_search', 'a'])
      expect(body.tools[1].function.description).to.equal('Does a.')
      const [, call, result] = body.messages
      expect(call.tool_calls[0]).to.deep.equal({
        id: 'c1',
        type: 'function',
        function: { name: 'tool_search', arguments: '{"query":"rates"}' },
      })
      expect(result).to.deep.equal({
        role: 'tool',
        tool_call_id: 'c1',
        name: 'tool_search',
        content: 'Tools that can be called from now on: a',
      })
    }
  })

  it('elsewhere a search that found nothing says so', () => {
    const { body } = tellChat({ tools: [SEARCH], input: [USER, CALL, found()] })
    expect(body.messages.at(-1).content).to.equal('No tool was found.')
  })

  it('trap 47: what a group is for is told with each of its tools where there are no groups', () => {
    const group = { type: 'namespace', name: 'rates', description: 'All on money.', tools: [later('a')] }
    for (const members of [
      { tools: [SEARCH], input: [USER, CALL, found(group)] },
      { tools: [group], input: [USER] },
    ]) {
      const tool = tellChat(members).body.tools.at(-1)
      expect(tool.function).to.include({ name: 'a', description: 'rates: All on money.\n\nDoes a.' })
    }
  })

  it('a tool that the API looks up by itself is in sight of others, as they could never find it', () => {
    const { body, losses } = tellChat({ tools: [{ type: 'tool_search' }, later('a')], input: [USER] })
    expect(body.tools.map((tool: any) => tool.function.name)).to.deep.equal(['a'])
    expect(losses).to.include('tools.0: dropped')
  })

  it('a function of the client’s own that is called tool_search stays one', () => {
    const own = { type: 'function', name: 'tool_search', parameters: { type: 'object', properties: {} }, strict: false }
    const { spelling } = decodeWith({ tools: [own], input: [USER] })
    const part = { type: 'tool-call', id: 'c', name: 'tool_search', arguments: '{}' } as const
    const { body } = encodeParts([part], { reason: 'tool-calls' }, { spelling: spelling! })
    expect(body.output[0].type).to.equal('function_call')
  })

  const { spelling } = decodeWith({ tools: [SEARCH], input: [USER] })
  const WANTED = {
    type: 'tool_search_call',
    id: 'tsc_x1_0',
    status: 'completed',
    call_id: 'c',
    execution: 'client',
    arguments: { query: 'x' },
  }

  it('the call of another back end is a search for the client', () => {
    const part = { type: 'tool-call', id: 'c', name: 'tool_search', arguments: '{"query":"x"}' } as const
    const { body } = encodeParts([part], { reason: 'tool-calls' }, { spelling: spelling! })
    expect(body.output).to.deep.equal([WANTED])
  })

  it('the call of another back end is a search in a stream too, told whole', () => {
    const { events } = encodeStream(
      [
        { type: 'start', id: 'r', model: 'm' },
        { type: 'part-start', part: 0, choice: 0, head: { type: 'tool-call', id: 'c', name: 'tool_search' } },
        { type: 'part-delta', part: 0, choice: 0, delta: { arguments: '{"query":' } },
        { type: 'part-delta', part: 0, choice: 0, delta: { arguments: '"x"}' } },
        { type: 'part-end', part: 0, choice: 0 },
        { type: 'finish', finishes: [{ choice: 0, reason: 'tool-calls' }] },
      ],
      { spelling: spelling! },
    )
    const items = events.filter(({ item }) => item !== undefined)
    expect(items.map(({ type, item }) => [type, item])).to.deep.equal([
      ['response.output_item.added', { ...WANTED, status: 'in_progress', arguments: {} }],
      ['response.output_item.done', WANTED],
    ])
    expect(events.at(-1).response.output).to.deep.equal([WANTED])
    expect(events.map(({ type }) => type)).to.not.include.members(['response.function_call_arguments.delta'])
  })
})
