import { expect } from 'chai'
import { gemini } from '../../../protocols/gemini/index.ts'
import type { ModelFacts } from '../../../protocols/ir/facts.ts'
import type { Part } from '../../../protocols/ir/part.ts'
import type { ChatSettings, ReasoningSettings } from '../../../protocols/ir/request.ts'
import type { Tool, ToolChoice } from '../../../protocols/ir/tool.ts'
import { encodeMessages, encodeWith, failureOf, sketchLosses } from './exchange.ts'

const FUNCTION: Tool = { type: 'function', name: 'f', description: 'd', parameters: { type: 'object', properties: {} } }

describe('gemini: a request of another protocol’s client, encoded', () => {
  describe('settings', () => {
    const ROWS: readonly (readonly [string, ChatSettings, object | undefined, readonly string[], ModelFacts?])[] = [
      ['trap 113: the limit', { maxOutputTokens: 10 }, { maxOutputTokens: 10 }, []],
      [
        'a limit beyond the model’s',
        { maxOutputTokens: 99_999 },
        { maxOutputTokens: 8192 },
        ['settings.maxOutputTokens: changed'],
        { maxOutputTokens: 8192 },
      ],
      ['sampling', { temperature: 1, topP: 0.5, topK: 3 }, { temperature: 1, topP: 0.5, topK: 3 }, []],
      [
        'trap 115: at most five stops, none of them empty',
        { stop: ['1', '', '2', '3', '4', '5', '6'] },
        { stopSequences: ['1', '2', '3', '4', '5'] },
        ['settings.stop: changed'],
      ],
      ['nothing but an empty stop', { stop: [''] }, undefined, ['settings.stop: changed']],
      ['a seed', { seed: 7 }, { seed: 7 }, []],
      ['a seed of 64 bits', { seed: 2 ** 40 }, { seed: 2 ** 40 % 0x7fffffff }, ['settings.seed: changed']],
      ['penalties', { presencePenalty: 1, frequencyPenalty: -1 }, { presencePenalty: 1, frequencyPenalty: -1 }, []],
      ['a bias', { logitBias: { 5: 1 } }, undefined, ['settings.logitBias: dropped']],
      ['no bias', { logitBias: {} }, undefined, []],
      [
        'log probabilities',
        { logprobs: true, topLogprobs: 30 },
        { responseLogprobs: true, logprobs: 20 },
        ['settings.topLogprobs: changed'],
      ],
      ['no log probabilities', { logprobs: false, topLogprobs: 0 }, undefined, []],
      ['candidates', { candidates: 2 }, { candidateCount: 2 }, []],
      ['one candidate', { candidates: 1 }, undefined, []],
      ['text', { responseFormat: { type: 'text' } }, undefined, []],
      ['trap 119: JSON', { responseFormat: { type: 'json' } }, { responseMimeType: 'application/json' }, []],
      [
        'trap 119: a schema, as it is',
        {
          responseFormat: {
            type: 'json-schema',
            name: 'n',
            strict: true,
            schema: { type: 'object', additionalProperties: false },
          },
        },
        { responseMimeType: 'application/json', responseJsonSchema: { type: 'object', additionalProperties: false } },
        [],
      ],
      [
        'a schema for a back end that takes its own dialect only',
        { responseFormat: { type: 'json-schema', schema: { type: 'object', additionalProperties: false } } },
        { responseMimeType: 'application/json', responseSchema: { type: 'object' } },
        ['settings.responseFormat.schema: changed'],
        { refuses: ['responseJsonSchema'] },
      ],
      [
        'a schema for a model that takes none',
        { responseFormat: { type: 'json-schema', schema: {} } },
        { responseMimeType: 'application/json' },
        ['settings.responseFormat: dropped'],
        { capabilities: { jsonSchema: false } },
      ],
      [
        'what the API does not have',
        { verbosity: 'low', userId: 'u', metadata: { a: 1 }, store: true, promptCacheKey: 'k', serviceTier: 'scale' },
        undefined,
        [
          'settings.verbosity: dropped',
          'settings.userId: dropped',
          'settings.metadata: dropped',
          'settings.store: dropped',
          'settings.serviceTier: dropped',
          'settings.promptCacheKey: dropped',
        ],
      ],
      ['what says nothing', { metadata: {}, store: false, serviceTier: 'auto' }, undefined, []],
    ]
    for (const [title, settings, config, losses, facts] of ROWS) {
      it(title, () => {
        const sent = encodeWith({ settings }, facts)
        expect(sent.body.generationConfig).to.deep.equal(config)
        expect(sketchLosses(sent.losses)).to.have.members(losses)
      })
    }
  })

  describe('traps 96, 97: thinking', () => {
    const SHOWN = { includeThoughts: true }
    const ROWS: readonly (readonly [string, ReasoningSettings, object | undefined, readonly string[], ModelFacts?])[] =
      [
        ['gemini-2.5-flash', { budgetTokens: 1000 }, { ...SHOWN, thinkingBudget: 1000 }, []],
        ['gemini-2.5-flash', { mode: 'on' }, { ...SHOWN, thinkingBudget: -1 }, []],
        ['gemini-2.5-flash', { mode: 'adaptive' }, { ...SHOWN, thinkingBudget: -1 }, []],
        ['gemini-2.5-flash', { mode: 'off' }, { thinkingBudget: 0 }, []],
        ['gemini-2.5-flash', { effort: 'none' }, { thinkingBudget: 0 }, []],
        ['gemini-2.5-flash', { effort: 'low' }, { ...SHOWN, thinkingBudget: 1024 }, ['settings.reasoning: changed']],
        [
          'gemini-2.5-flash',
          { effort: 'high', display: 'omitted' },
          { thinkingBudget: 24_576 },
          ['settings.reasoning: changed'],
        ],
        ['gemini-2.5-flash', { effort: 'tomorrow' }, { ...SHOWN, thinkingBudget: -1 }, ['settings.reasoning: changed']],
        [
          'gemini-2.5-flash',
          { budgetTokens: 60_000 },
          { ...SHOWN, thinkingBudget: 24_576 },
          ['settings.reasoning.budgetTokens: changed'],
        ],
        [
          'gemini-2.5-pro',
          { budgetTokens: 60_000 },
          { ...SHOWN, thinkingBudget: 32_768 },
          ['settings.reasoning.budgetTokens: changed'],
        ],
        ['gemini-2.5-pro', { mode: 'off' }, { thinkingBudget: 128 }, ['settings.reasoning.budgetTokens: changed']],
        ['gemini-2.0-flash', { mode: 'on' }, undefined, ['settings.reasoning: dropped']],
        ['gemini-2.0-flash', { mode: 'off' }, undefined, []],
        [
          'gemini-2.0-flash',
          { mode: 'on' },
          { ...SHOWN, thinkingBudget: -1 },
          [],
          { capabilities: { reasoning: true } },
        ],
        [
          'gemini-9',
          { mode: 'on' },
          undefined,
          ['settings.reasoning: dropped'],
          { capabilities: { reasoning: false } },
        ],
        ['gemini-3-pro-preview', { effort: 'high' }, { ...SHOWN, thinkingLevel: 'HIGH' }, []],
        [
          'gemini-3-pro-preview',
          { effort: 'xhigh' },
          { ...SHOWN, thinkingLevel: 'HIGH' },
          ['settings.reasoning: changed'],
        ],
        [
          'gemini-3-pro-preview',
          { effort: 'minimal' },
          { ...SHOWN, thinkingLevel: 'LOW' },
          ['settings.reasoning: changed'],
        ],
        ['gemini-3-flash-preview', { effort: 'minimal' }, { ...SHOWN, thinkingLevel: 'MINIMAL' }, []],
        ['gemini-3-flash-preview', { mode: 'off' }, { thinkingLevel: 'MINIMAL' }, ['settings.reasoning: changed']],
        [
          'gemini-3.1-pro-preview',
          { budgetTokens: 10_000 },
          { ...SHOWN, thinkingLevel: 'MEDIUM' },
          ['settings.reasoning: changed'],
        ],
        ['gemini-3.1-pro-preview', { mode: 'on' }, SHOWN, []],
        [
          'gemini-3.1-pro-preview',
          { effort: 'medium' },
          { ...SHOWN, thinkingLevel: 'LOW' },
          ['settings.reasoning: changed'],
          { efforts: ['low', 'high'] },
        ],
        ['their-own-name', { effort: 'medium' }, { ...SHOWN, thinkingBudget: 8192 }, ['settings.reasoning: changed']],
      ]
    for (const [model, reasoning, config, losses, facts] of ROWS) {
      it(`${model} is asked for ${JSON.stringify(reasoning)}${facts === undefined ? '' : `, ${JSON.stringify(facts)}`}`, () => {
        const sent = encodeWith({ model, settings: { reasoning } }, facts)
        expect(sent.body.generationConfig?.thinkingConfig).to.deep.equal(config)
        expect(sketchLosses(sent.losses)).to.deep.equal(losses)
      })
    }
  })

  describe('tools', () => {
    const toolsOf = (tools: readonly Tool[], facts: ModelFacts = {}) => {
      const { body, losses } = encodeWith({ tools }, facts)
      return { tools: body.tools, losses: sketchLosses(losses) }
    }
    it('lesson 67: all functions stand in one object, their schemas as they are (trap 121)', () => {
      const odd = {
        $schema: 'x',
        type: 'object',
        properties: { a: { const: 1, exclusiveMinimum: 0 } },
        additionalProperties: false,
      }
      expect(toolsOf([FUNCTION, { ...FUNCTION, name: 'g', parameters: odd }])).to.deep.equal({
        tools: [
          {
            functionDeclarations: [
              { name: 'f', description: 'd', parametersJsonSchema: FUNCTION.parameters },
              { name: 'g', description: 'd', parametersJsonSchema: odd },
            ],
          },
        ],
        losses: [],
      })
    })
    it('traps 120, 124: in the dialect of `parameters` where a back end takes nothing else', () => {
      const { tools, losses } = toolsOf(
        [{ ...FUNCTION, parameters: { properties: { a: { const: 'x' } }, default: 1 } }],
        { refuses: ['parametersJsonSchema'] },
      )
      expect(tools[0].functionDeclarations[0].parameters).to.deep.equal({
        type: 'object',
        properties: { a: { type: 'string', enum: ['x'] } },
      })
      expect(losses).to.deep.equal(['tools.0.parameters: changed'])
    })
    it('trap 124: a schema without a type is of an object; none at all is none', () => {
      const { parameters: _parameters, ...bare } = FUNCTION
      const { tools } = toolsOf([{ ...FUNCTION, parameters: {} }, { ...bare, name: 'g' } as Tool])
      expect(tools[0].functionDeclarations).to.deep.equal([
        { name: 'f', description: 'd', parametersJsonSchema: { type: 'object' } },
        { name: 'g', description: 'd' },
      ])
    })
    it('trap 51, trap 52: names that the API refuses are written in its alphabet, and it is told whose they are', () => {
      const names = ['a/b', '9lives', 'a.b:c-d', 'mcp__x__y', 'späße', '_u2f_', 'a_u2f_b']
      const { body, called } = encodeWith({ tools: names.map((name) => ({ ...FUNCTION, name })) })
      const written: string[] = body.tools[0].functionDeclarations.map(({ name }: { name: string }) => name)
      for (const name of written) expect(name).to.match(/^[a-zA-Z_][a-zA-Z0-9_.:-]*$/)
      expect(written.slice(2, 4)).to.deep.equal(['a.b:c-d', 'mcp__x__y'])
      expect(new Set(written)).to.have.length(names.length)
      expect(written.map((name) => called?.get(name)?.name ?? name)).to.deep.equal(names)
    })
    it('trap 46: a tool that takes free text takes it in a member', () => {
      const { tools, losses } = toolsOf([
        { type: 'freeform', name: 'patch', description: 'd', format: { type: 'grammar' } },
      ])
      expect(tools[0].functionDeclarations[0].parametersJsonSchema.required).to.deep.equal(['input'])
      expect(losses).to.deep.equal(['tools.0: changed'])
    })
    it('trap 48: what another API has of its own is dropped and told', () => {
      const { tools, losses } = toolsOf([
        { type: 'hosted', name: 'web_search', protocol: 'anthropic', value: { type: 'web_search' } },
        { ...FUNCTION, strict: true, namespace: 'n', cache: {} },
      ])
      expect(tools).to.have.length(1)
      expect(losses).to.have.members([
        'tools.0: dropped',
        'tools.1.strict: dropped',
        'tools.1.namespace: changed',
        'tools.1.cache: dropped',
      ])
      expect(toolsOf([{ type: 'hosted', name: 'x', protocol: 'other', value: {} }]).tools).to.equal(undefined)
    })
  })

  describe('trap 116: the choice', () => {
    const ROWS: readonly (readonly [ToolChoice, object | undefined, readonly string[]])[] = [
      [{ type: 'auto' }, { mode: 'AUTO' }, []],
      [{ type: 'none' }, { mode: 'NONE' }, []],
      [{ type: 'required' }, { mode: 'ANY' }, []],
      [{ type: 'tool', name: 'f' }, { mode: 'ANY', allowedFunctionNames: ['f'] }, []],
      [{ type: 'tool', name: 'gone' }, undefined, ['toolChoice: dropped']],
      [
        { type: 'allowed', mode: 'required', names: ['f', 'a/b'] },
        { mode: 'ANY', allowedFunctionNames: ['f', 'a_u2f_b'] },
        [],
      ],
      [{ type: 'allowed', mode: 'auto', names: ['f'] }, { mode: 'VALIDATED', allowedFunctionNames: ['f'] }, []],
    ]
    for (const [toolChoice, config, losses] of ROWS) {
      it(JSON.stringify(toolChoice), () => {
        const sent = encodeWith({ tools: [FUNCTION], toolChoice })
        expect(sent.body.toolConfig?.functionCallingConfig).to.deep.equal(config)
        expect(sketchLosses(sent.losses)).to.deep.equal(losses)
      })
    }
    it('trap 117, lesson 36: without tools there is none', () => {
      const { body, losses } = encodeWith({ toolChoice: { type: 'required' } })
      expect(body.toolConfig).to.equal(undefined)
      expect(sketchLosses(losses)).to.deep.equal(['toolChoice: dropped'])
      expect(encodeWith({ toolChoice: { type: 'auto' } }).losses).to.deep.equal([])
    })
    it('trap 118: that only one call may be made cannot be said', () => {
      expect(sketchLosses(encodeWith({ parallelToolCalls: false }).losses)).to.deep.equal([
        'parallelToolCalls: dropped',
      ])
      expect(encodeWith({ parallelToolCalls: true }).losses).to.deep.equal([])
    })
  })

  describe('parts', () => {
    const sent = (part: Part, model?: string) => {
      const { contents, losses } = encodeMessages(
        [{ role: 'user', parts: [{ type: 'text', text: 'Hi' }, part] }],
        model,
      )
      return { parts: contents[0].parts.slice(1), losses }
    }
    const ROWS: readonly (readonly [string, Part, readonly object[], readonly string[]])[] = [
      [
        'a picture',
        { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'AA==' } },
        [{ inlineData: { mimeType: 'image/png', data: 'AA==' } }],
        [],
      ],
      [
        'trap 129: a media type that the API refuses',
        { type: 'image', source: { type: 'base64', mediaType: 'image/jpg', data: 'AA==' }, detail: 'auto' },
        [{ inlineData: { mimeType: 'image/jpeg', data: 'AA==' } }],
        [],
      ],
      [
        'trap 129: a link',
        { type: 'image', source: { type: 'url', url: 'https://example.com/a.webp?x' }, detail: 'high' },
        [{ fileData: { mimeType: 'image/webp', fileUri: 'https://example.com/a.webp?x' } }],
        ['messages.0.parts.1.detail: changed'],
      ],
      [
        'a link that tells no type',
        { type: 'file', source: { type: 'url', url: 'https://example.com/a' } },
        [{ fileData: { fileUri: 'https://example.com/a' } }],
        [],
      ],
      [
        'trap 131: sound',
        { type: 'audio', source: { type: 'base64', mediaType: 'audio/wav', data: 'AA==' } },
        [{ inlineData: { mimeType: 'audio/wav', data: 'AA==' } }],
        [],
      ],
      [
        'trap 130: a document',
        { type: 'file', source: { type: 'base64', mediaType: 'application/pdf', data: 'AA==' }, filename: 'a.pdf' },
        [{ inlineData: { mimeType: 'application/pdf', data: 'AA==' } }],
        ['messages.0.parts.1.filename: dropped'],
      ],
      [
        'trap 130: a document as text',
        { type: 'file', source: { type: 'text', mediaType: 'text/plain', text: 'ä' } },
        [{ inlineData: { mimeType: 'text/plain', data: 'w6Q=' } }],
        [],
      ],
      [
        'a file that lies elsewhere',
        { type: 'file', source: { type: 'file-id', id: 'x', protocol: 'anthropic' } },
        [],
        ['messages.0.parts.1: dropped'],
      ],
      ['a refusal', { type: 'refusal', text: 'No.' }, [{ text: 'No.' }], ['messages.0.parts.1: changed']],
      ['trap 73: an empty text', { type: 'text', text: ' \n' }, [], []],
      [
        'a block of another protocol',
        { type: 'opaque', protocol: 'anthropic', value: {} },
        [],
        ['messages.0.parts.1: dropped'],
      ],
      ['a cache mark', { type: 'text', text: 'x', cache: {} }, [{ text: 'x' }], ['messages.0.parts.1.cache: dropped']],
    ]
    for (const [title, part, parts, losses] of ROWS) {
      it(title, () => expect(sent(part)).to.deep.equal({ parts, losses }))
    }
  })

  it('tokens to be embedded are refused: only their own model knows what they mean', () => {
    const request = { model: 'm', inputs: [{ type: 'tokens' as const, tokens: [1] }] }
    expect(failureOf(() => gemini.embeddings?.request.encode(request, {}))).to.include({ kind: 'bad-request' })
  })
})
