import { expect } from 'chai'
import type { ChatSettings } from '../../../protocols/ir/request.ts'
import type { Tool, ToolChoice } from '../../../protocols/ir/tool.ts'
import { encodeWith, sendOn, sketchLosses } from './exchange.ts'

const F: Tool = { type: 'function', name: 'f', parameters: { type: 'object', properties: {} } }

const G: Tool = { type: 'function', name: 'g', parameters: { type: 'object', properties: {} } }

describe('anthropic: request, encoded', () => {
  describe('tools', () => {
    const ROWS: readonly (readonly [title: string, tool: Tool, written: unknown, losses: readonly string[]])[] = [
      [
        'trap 124: a missing schema is an object without members',
        { type: 'function', name: 'f' },
        [{ name: 'f', input_schema: { type: 'object', properties: {} } }],
        [],
      ],
      [
        'trap 124: a schema without a type is an object',
        { type: 'function', name: 'f', parameters: { properties: {} } },
        [{ name: 'f', input_schema: { type: 'object', properties: {} } }],
        [],
      ],
      [
        'what is known of a function',
        {
          type: 'function',
          name: 'f',
          description: 'd',
          parameters: { type: 'object' },
          strict: true,
          cache: { ttl: '5m' },
        },
        [
          {
            name: 'f',
            description: 'd',
            input_schema: { type: 'object' },
            strict: true,
            cache_control: { type: 'ephemeral', ttl: '5m' },
          },
        ],
        [],
      ],
      [
        'that a tool need not be strict is not said',
        { type: 'function', name: 'f', parameters: { type: 'object' }, strict: false },
        [{ name: 'f', input_schema: { type: 'object' } }],
        [],
      ],
      [
        'trap 46: a tool of raw text is a function with one string',
        { type: 'freeform', name: 'patch', description: 'd', format: { type: 'grammar' } },
        [
          {
            name: 'patch',
            description: 'd\n\nThe format of `input`: {"type":"grammar"}',
            input_schema: { type: 'object', properties: { input: { type: 'string' } }, required: ['input'] },
          },
        ],
        ['tools.0: changed'],
      ],
      [
        'trap 48: a tool of another provider is left out',
        { type: 'hosted', name: 'w', protocol: 'openai-responses', value: { type: 'w' } },
        undefined,
        ['tools.0: dropped'],
      ],
      [
        'trap 49: an own one is carried',
        { type: 'hosted', name: 'w', protocol: 'anthropic', value: { type: 'w_1' } },
        [{ type: 'w_1' }],
        [],
      ],
      [
        'trap 51: a name outside the alphabet is mapped',
        { type: 'function', name: 'mcp.server/read:file', parameters: { type: 'object' } },
        [{ name: 'mcp_u2e_server_u2f_read_u3a_file', input_schema: { type: 'object' } }],
        [],
      ],
      [
        'trap 47: a group of tools is unknown',
        { type: 'function', name: 'f', namespace: 'n', parameters: { type: 'object' } },
        [{ name: 'f', input_schema: { type: 'object' } }],
        ['tools.0.namespace: changed'],
      ],
      [
        'a foreign field is reported by its name',
        { type: 'function', name: 'f', parameters: { type: 'object' }, extra: { protocol: 'x', fields: { y: 1 } } },
        [{ name: 'f', input_schema: { type: 'object' } }],
        ['tools.0.y: dropped'],
      ],
    ]
    for (const [title, tool, written, losses] of ROWS) {
      it(title, () => {
        const { body, losses: told } = encodeWith({ tools: [tool] })
        expect(body.tools).to.deep.equal(written)
        expect(sketchLosses(told)).to.deep.equal(losses)
      })
    }
    it('trap 148: the order of tools and of their schemas is kept', () => {
      const parameters = { type: 'object', properties: { z: {}, a: {} }, $schema: 's' }
      const { body } = encodeWith({ tools: [{ ...G, parameters }, F] })
      expect(body.tools.map((tool: { name: string }) => tool.name)).to.deep.equal(['g', 'f'])
      expect(JSON.stringify(body.tools[0].input_schema)).to.equal(JSON.stringify(parameters))
    })
    it('an empty list of a foreign client is no list', () => {
      expect(encodeWith({ tools: [] }).body).to.not.have.property('tools')
    })
  })

  describe('the choice among tools', () => {
    const ROWS: readonly (readonly [
      title: string,
      choice: ToolChoice | undefined,
      parallel: boolean | undefined,
      written: unknown,
      losses: readonly string[],
    ])[] = [
      ['nothing said is nothing written', undefined, undefined, undefined, []],
      ['trap 116: auto', { type: 'auto' }, undefined, { type: 'auto' }, []],
      ['trap 116: required is any', { type: 'required' }, undefined, { type: 'any' }, []],
      ['trap 116: one tool', { type: 'tool', name: 'f' }, undefined, { type: 'tool', name: 'f' }, []],
      ['trap 116: none', { type: 'none' }, undefined, { type: 'none' }, []],
      ['trap 118: no parallel calls', undefined, false, { type: 'auto', disable_parallel_tool_use: true }, []],
      ['trap 118: parallel calls are the rule', undefined, true, undefined, []],
      ['trap 118: both', { type: 'required' }, false, { type: 'any', disable_parallel_tool_use: true }, []],
      ['trap 118: none calls nothing, in parallel or not', { type: 'none' }, false, { type: 'none' }, []],
      ['a tool that is not there', { type: 'tool', name: 'h' }, undefined, undefined, ['toolChoice: dropped']],
    ]
    for (const [title, toolChoice, parallelToolCalls, written, losses] of ROWS) {
      it(title, () => {
        const { body, losses: told } = encodeWith({
          tools: [F, G],
          ...(toolChoice === undefined ? {} : { toolChoice }),
          ...(parallelToolCalls === undefined ? {} : { parallelToolCalls }),
        })
        expect(body.tool_choice).to.deep.equal(written)
        expect(body.tools).to.have.length(2)
        expect(sketchLosses(told)).to.deep.equal(losses)
      })
    }
    it('trap 117, lesson 36: it goes when there are no tools', () => {
      expect(encodeWith({ toolChoice: { type: 'auto' } })).to.deep.include({ losses: [] })
      const { body, losses } = encodeWith({ toolChoice: { type: 'required' } })
      expect(body).to.not.have.property('tool_choice')
      expect(sketchLosses(losses)).to.deep.equal(['toolChoice: dropped'])
    })
    it('trap 117: it goes with the last tool, too', () => {
      const tools: Tool[] = [{ type: 'hosted', name: 'w', protocol: 'other', value: {} }]
      const { body, losses } = encodeWith({ tools, toolChoice: { type: 'required' } })
      expect(body).to.not.have.any.keys('tools', 'tool_choice')
      expect(sketchLosses(losses)).to.deep.equal(['tools.0: dropped', 'toolChoice: dropped'])
    })
    it('only the allowed tools are sent', () => {
      const choice: ToolChoice = { type: 'allowed', mode: 'required', names: ['g'] }
      const { body, losses } = encodeWith({ tools: [F, G], toolChoice: choice })
      expect(body.tools.map((tool: { name: string }) => tool.name)).to.deep.equal(['g'])
      expect(body.tool_choice).to.deep.equal({ type: 'any' })
      expect(sketchLosses(losses)).to.deep.equal(['tools.0: dropped'])
      expect(
        encodeWith({ tools: [F], toolChoice: { ...choice, mode: 'auto', names: ['f'] } }).body.tool_choice,
      ).to.deep.equal({
        type: 'auto',
      })
    })
    it('trap 98: a call cannot be forced while the model thinks by a budget', () => {
      const settings: ChatSettings = { maxOutputTokens: 9000, reasoning: { budgetTokens: 2000 } }
      for (const toolChoice of [{ type: 'required' }, { type: 'tool', name: 'f' }] as const) {
        const { body, losses } = encodeWith({ tools: [F], toolChoice, settings })
        expect(body.tool_choice).to.deep.equal({ type: 'auto' })
        expect(sketchLosses(losses)).to.deep.equal(['toolChoice: changed'])
      }
    })
    it('trap 98: it can while it thinks as it likes, as a recording shows', () => {
      const settings: ChatSettings = { reasoning: { mode: 'adaptive' } }
      const { body, losses } = encodeWith({ tools: [F], toolChoice: { type: 'required' }, settings })
      expect(body.tool_choice).to.deep.equal({ type: 'any' })
      expect(losses).to.deep.equal([])
    })
    it('trap 51: the name in it is mapped like the tool', () => {
      const { body } = encodeWith({ tools: [{ ...F, name: 'a.b' }], toolChoice: { type: 'tool', name: 'a.b' } })
      expect(body.tool_choice).to.deep.equal({ type: 'tool', name: 'a_u2e_b' })
    })
  })

  describe('marks for the cache', () => {
    it('trap 151: of more than four the oldest of the messages go', () => {
      const marked = (text: string) => ({ type: 'text', text, cache: {} }) as const
      const { body, losses } = encodeWith({
        messages: [
          { role: 'system', parts: [marked('s')] },
          { role: 'user', parts: [marked('1'), marked('2')] },
          { role: 'assistant', parts: [marked('3')] },
          { role: 'user', parts: [marked('4')] },
        ],
        tools: [{ ...F, cache: {} }],
      })
      const told = JSON.stringify(body)
      expect(told.split('"cache_control"')).to.have.length(5)
      expect(body.tools[0]).to.have.property('cache_control')
      expect(body.system[0]).to.have.property('cache_control')
      expect(body.messages[0].content[0]).to.not.have.property('cache_control')
      expect(body.messages[2].content[0]).to.have.property('cache_control')
      expect(sketchLosses(losses)).to.deep.equal(['messages.0: changed'])
    })
    it('trap 151: marks inside results count, and so does the one of the whole request', () => {
      const block = { type: 'text', text: 'x', cache_control: { type: 'ephemeral' } }
      const { body, losses } = sendOn({
        messages: [
          { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: [block, block] }, block, block] },
        ],
        cache_control: { type: 'ephemeral' },
      })
      expect(losses).to.have.length(1)
      expect(body.messages[0].content[0].content[0]).to.not.have.property('cache_control')
      expect(body.messages[0].content[0].content[1]).to.have.property('cache_control')
    })
    it('four are no loss', () => {
      const block = { type: 'text', text: 'x', cache_control: { type: 'ephemeral', ttl: '1h' } }
      expect(sendOn({ messages: [{ role: 'user', content: [block, block, block, block] }] }).losses).to.deep.equal([])
    })
  })
})
