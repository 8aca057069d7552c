import { expect } from 'chai'
import { anthropic } from '../../../protocols/anthropic/index.ts'
import { decodeWith, failureOf, partsOf, wireFor } from './exchange.ts'

describe('anthropic: request, decoded', () => {
  describe('content', () => {
    const ROWS: readonly (readonly [title: string, content: unknown, parts: readonly object[]])[] = [
      ['a string is one text', 'Hi', [{ type: 'text', text: 'Hi' }]],
      [
        'lesson 57: a list may hold strings',
        ['a', 'b'],
        [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
        ],
      ],
      [
        'trap 150: a mark for the cache stands on any block',
        [{ type: 'text', text: 'a', cache_control: { type: 'ephemeral', ttl: '1h' } }],
        [{ type: 'text', text: 'a', cache: { ttl: '1h' } }],
      ],
      [
        'an image by URL',
        [{ type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } }],
        [{ type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } }],
      ],
      [
        'an uploaded image is known to its provider only',
        [{ type: 'image', source: { type: 'file', file_id: 'file_1' } }],
        [{ type: 'image', source: { type: 'file-id', id: 'file_1', protocol: 'anthropic' } }],
      ],
      [
        'trap 130: a document is a file, its title the name',
        [{ type: 'document', title: 'a.pdf', source: { type: 'base64', media_type: 'application/pdf', data: 'AA==' } }],
        [{ type: 'file', filename: 'a.pdf', source: { type: 'base64', mediaType: 'application/pdf', data: 'AA==' } }],
      ],
      [
        'a document of plain text',
        [{ type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'words' } }],
        [{ type: 'file', source: { type: 'text', mediaType: 'text/plain', text: 'words' } }],
      ],
      [
        'a document made of blocks has no name elsewhere and is carried',
        [{ type: 'document', source: { type: 'content', content: 'x' } }],
        [
          {
            type: 'opaque',
            protocol: 'anthropic',
            value: { type: 'document', source: { type: 'content', content: 'x' } },
          },
        ],
      ],
      [
        'lesson 58, trap 49: an unknown block is carried whole',
        [{ type: 'block_of_tomorrow', a: [1, { b: null }] }],
        [{ type: 'opaque', protocol: 'anthropic', value: { type: 'block_of_tomorrow', a: [1, { b: null }] } }],
      ],
      [
        'trap 86: thinking keeps its signature and says whose it is',
        [{ type: 'thinking', thinking: 'hm', signature: 'c2ln' }],
        [{ type: 'reasoning', text: 'hm', signature: 'c2ln', issuer: 'anthropic' }],
      ],
      [
        'trap 89: redacted thinking is encrypted reasoning',
        [{ type: 'redacted_thinking', data: 'ZW5j' }],
        [{ type: 'reasoning', text: '', encrypted: 'ZW5j', issuer: 'anthropic' }],
      ],
      [
        'trap 87: a sealed signature is given back to the one who issued it',
        [{ type: 'thinking', thinking: 'hm', signature: 'sealed:signature:gemini:c2ln' }],
        [{ type: 'reasoning', text: 'hm', signature: 'c2ln', issuer: 'gemini' }],
      ],
      [
        'a sealed thought is encrypted reasoning again',
        [{ type: 'thinking', thinking: '', signature: 'sealed:encrypted:a%3Ab:ZW5j' }],
        [{ type: 'reasoning', text: '', encrypted: 'ZW5j', issuer: 'a:b' }],
      ],
      [
        'trap 148: the order of arguments is kept',
        [{ type: 'tool_use', id: 'toolu_1', name: 'f', input: { z: 1, a: 2 } }],
        [{ type: 'tool-call', id: 'toolu_1', name: 'f', arguments: '{"z":1,"a":2}' }],
      ],
    ]
    for (const [title, content, parts] of ROWS) {
      it(title, () => {
        const bare = partsOf(content).map(({ spelling: _spelling, extra: _extra, ...part }) => part)
        expect(bare).to.deep.equal(parts)
      })
    }
  })

  describe('results of tools', () => {
    const ROWS: readonly (readonly [title: string, content: unknown, expected: readonly object[]])[] = [
      ['trap 72: null is nothing', null, []],
      ['trap 72: a string is a text', 'ok', [{ type: 'text', text: 'ok' }]],
      ['trap 72: an object is told as its JSON', { a: [1] }, [{ type: 'text', text: '{"a":[1]}' }]],
      ['trap 72: a number is told as its JSON', 42, [{ type: 'text', text: '42' }]],
      [
        'trap 72: one block without a list is a list of one',
        { type: 'text', text: 'ok' },
        [{ type: 'text', text: 'ok' }],
      ],
      ['lesson 57: strings in a list are texts', ['a'], [{ type: 'text', text: 'a' }]],
      [
        'trap 71: images stay images',
        [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AA==' } }],
        [{ type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'AA==' } }],
      ],
      [
        'K21: a reference to a tool is carried',
        [{ type: 'tool_reference', tool_name: 'Web' }],
        [{ type: 'opaque', protocol: 'anthropic', value: { type: 'tool_reference', tool_name: 'Web' } }],
      ],
      [
        'a call inside a result is carried, as it can be none',
        [{ type: 'tool_use', id: 'a', name: 'f', input: {} }],
        [{ type: 'opaque', protocol: 'anthropic', value: { type: 'tool_use', id: 'a', name: 'f', input: {} } }],
      ],
    ]
    for (const [title, content, expected] of ROWS) {
      it(title, () => {
        const [part] = partsOf([{ type: 'tool_result', tool_use_id: 'toolu_1', content }])
        expect(part).to.deep.include({ type: 'tool-result', callId: 'toolu_1', content: expected })
      })
    }
    it('K25: is_error false is not the same as none', () => {
      const [said] = partsOf([{ type: 'tool_result', tool_use_id: 'a', content: 'x', is_error: false }])
      const [silent] = partsOf([{ type: 'tool_result', tool_use_id: 'a', content: 'x' }])
      expect(said).to.have.property('isError', false)
      expect(silent).to.not.have.property('isError')
    })
    it('they stay beside the rest of their message', () => {
      const parts = partsOf([
        { type: 'tool_result', tool_use_id: 'a', content: 'x' },
        { type: 'text', text: 'go on' },
      ])
      expect(parts.map((part) => part.type)).to.deep.equal(['tool-result', 'text'])
    })
  })

  describe('system text', () => {
    it('A151, trap 79: a string and a list are a leading message', () => {
      expect(decodeWith({ system: 'Be brief.' }).messages[0]).to.deep.include({
        role: 'system',
        parts: [{ type: 'text', text: 'Be brief.' }],
      })
      const list = decodeWith({ system: [{ type: 'text', text: 'a' }, 'b'] }).messages
      expect(list).to.have.length(2)
      expect(list[0]?.parts.map((part) => part.type === 'text' && part.text)).to.deep.equal(['a', 'b'])
    })
    it('K15: system messages among the others stay where they are', () => {
      const { messages } = decodeWith({
        messages: [
          { role: 'user', content: 'a' },
          { role: 'system', content: 'b', output_config: { effort: 'low' } },
        ],
      })
      expect(messages.map((message) => message.role)).to.deep.equal(['user', 'system'])
      expect(messages[1]?.extra?.fields).to.deep.equal({ output_config: { effort: 'low' } })
    })
  })

  describe('tools and the choice among them', () => {
    it('a tool without a type is a function', () => {
      const [tool] =
        decodeWith({ tools: [{ name: 'f', description: 'd', input_schema: { type: 'object' }, strict: true }] })
          .tools ?? []
      expect(tool).to.deep.equal({
        type: 'function',
        name: 'f',
        description: 'd',
        parameters: { type: 'object' },
        strict: true,
      })
    })
    it('A157: the shape of the other API is understood, nested and flat', () => {
      const nested = { type: 'function', function: { name: 'f', description: 'd', parameters: { type: 'object' } } }
      const flat = { type: 'function', name: 'f', description: 'd', parameters: { type: 'object' } }
      const expected = { type: 'function', name: 'f', description: 'd', parameters: { type: 'object' } }
      expect(decodeWith({ tools: [nested, flat] }).tools).to.deep.equal([expected, expected])
    })
    it('trap 50: a tool of any dated type runs at the provider', () => {
      const value = { type: 'web_search_20991231', name: 'web_search', max_uses: 3 }
      expect(decodeWith({ tools: [value] }).tools).to.deep.equal([
        { type: 'hosted', name: 'web_search', protocol: 'anthropic', value },
      ])
      expect(decodeWith({ tools: [{ type: 'mcp_toolset' }] }).tools?.[0]?.name).to.equal('mcp_toolset')
    })
    it('trap 125: fields of tomorrow on a tool are kept', () => {
      const [tool] = decodeWith({ tools: [{ name: 'f', input_schema: {}, eager_input_streaming: true }] }).tools ?? []
      expect(tool?.extra).to.deep.equal({ protocol: 'anthropic', fields: { eager_input_streaming: true } })
    })
    it('A140: an empty list is tolerated', () => {
      expect(decodeWith({ tools: [] }).tools).to.deep.equal([])
    })

    const CHOICES: readonly (readonly [title: string, choice: unknown, expected: object])[] = [
      ['A141: the bare word auto', 'auto', { type: 'auto' }],
      ['A142: the bare word none', 'none', { type: 'none' }],
      ['trap 116: the bare word any', 'any', { type: 'required' }],
      ['A143: the bare name of a tool', 'f', { type: 'tool', name: 'f' }],
      ['A143: the object of the other API', { type: 'function', function: { name: 'f' } }, { type: 'tool', name: 'f' }],
      ['trap 116: auto', { type: 'auto' }, { type: 'auto' }],
      ['trap 116: any', { type: 'any' }, { type: 'required' }],
      ['trap 116: none', { type: 'none' }, { type: 'none' }],
      ['trap 116: one tool', { type: 'tool', name: 'f' }, { type: 'tool', name: 'f' }],
    ]
    for (const [title, choice, expected] of CHOICES) {
      it(title, () => {
        const request = decodeWith({ tools: [{ name: 'f', input_schema: {} }], tool_choice: choice })
        expect(request.toolChoice).to.deep.equal(expected)
      })
    }
    it('A217: a bare word that is neither choice nor tool is refused', () => {
      expect(failureOf(() => decodeWith({ tool_choice: 'banana' })).param).to.equal('tool_choice')
    })
    it('trap 118: parallel calls are told apart from silence', () => {
      const choose = (value: object) => decodeWith({ tool_choice: { type: 'auto', ...value } }).parallelToolCalls
      expect(choose({ disable_parallel_tool_use: true })).to.equal(false)
      expect(choose({ disable_parallel_tool_use: false })).to.equal(true)
      expect(choose({})).to.equal(undefined)
    })
  })

  describe('settings', () => {
    const ROWS: readonly (readonly [title: string, members: object, settings: object])[] = [
      ['A134: the limit', { max_tokens: 77 }, { maxOutputTokens: 77 }],
      ['A136: top_p', { top_p: 0.9 }, { topP: 0.9 }],
      ['A137: top_k, also 0', { top_k: 0 }, { topK: 0 }],
      ['A139: stop sequences', { stop_sequences: ['\n\n'] }, { stop: ['\n\n'] }],
      ['the user', { metadata: { user_id: 'u' } }, { userId: 'u' }],
      ['the user and more', { metadata: { user_id: 'u', team: 't' } }, { userId: 'u', metadata: { team: 't' } }],
      ['the tier', { service_tier: 'standard_only' }, { serviceTier: 'standard_only' }],
      [
        'X11: penalties are understood',
        { presence_penalty: 1, frequency_penalty: -1 },
        { presencePenalty: 1, frequencyPenalty: -1 },
      ],
      ['A077, X20: bare thinking', { thinking: true }, { reasoning: { mode: 'on' } }],
      ['bare no thinking', { thinking: false }, { reasoning: { mode: 'off' } }],
      [
        'A079: thinking with a budget',
        { thinking: { type: 'enabled', budget_tokens: 2048 } },
        { reasoning: { mode: 'on', budgetTokens: 2048 } },
      ],
      [
        'K16: adaptive thinking',
        { thinking: { type: 'adaptive', display: 'omitted' } },
        { reasoning: { mode: 'adaptive', display: 'omitted' } },
      ],
      ['defect 24: adaptive is not off', { thinking: { type: 'adaptive' } }, { reasoning: { mode: 'adaptive' } }],
      [
        'a kind of tomorrow is some thinking',
        { thinking: { type: 'between_tools' } },
        { reasoning: { mode: 'adaptive' } },
      ],
      ['the effort', { output_config: { effort: 'high' } }, { reasoning: { effort: 'high' } }],
      [
        'the effort beside no thinking',
        { output_config: { effort: 'max' }, thinking: { type: 'disabled' } },
        { reasoning: { mode: 'off', effort: 'max' } },
      ],
      [
        'trap 119: a schema for the answer',
        { output_config: { format: { type: 'json_schema', schema: { type: 'object' } } } },
        { responseFormat: { type: 'json-schema', schema: { type: 'object' } } },
      ],
      [
        'trap 119: the same in the words of the first beta',
        { output_format: { type: 'json_schema', schema: { type: 'object' } } },
        { responseFormat: { type: 'json-schema', schema: { type: 'object' } } },
      ],
    ]
    for (const [title, members, settings] of ROWS) {
      it(title, () => expect(decodeWith({ max_tokens: undefined, ...members }).settings).to.deep.equal(settings))
    }
    it('K13, K17, trap 125: what has no name elsewhere is kept by its own', () => {
      const members = {
        context_management: { edits: [] },
        safeguards: [1],
        container: 'c',
        mcp_servers: [],
        betas: ['b'],
      }
      expect(decodeWith(members).extra).to.deep.equal({ protocol: 'anthropic', fields: members })
    })
    it('X29: a budget in the words of another API is reported', () => {
      const { losses } = anthropic.request.decode(wireFor(), {
        model: 'm',
        messages: [{ role: 'user', content: 'x' }],
        thinkingBudget: 5,
      })
      expect(losses.map((loss) => loss.path)).to.deep.equal(['thinkingBudget'])
    })
  })
})
