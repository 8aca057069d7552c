import { expect } from 'chai'
import { gemini } from '../../../protocols/gemini/index.ts'
import type { ToolChoice } from '../../../protocols/ir/tool.ts'
import { decodeWith, EVENTS_WIRE, failureOf, sendOn, sketchLosses, wireFor } from './exchange.ts'

const TEXT = { type: 'text', text: 'Hi' }

const bare = (value: unknown): any =>
  JSON.parse(JSON.stringify(value, (name, member) => (name === 'spelling' ? undefined : member)))

describe('gemini: a client’s request, decoded', () => {
  it('the model stands in the path, with colons and slashes; what the body says does not count', () => {
    for (const name of ['m', 'models/m', 'vendor/name', 'qwen3:8b']) {
      const wire = { ...wireFor(), params: { model: name } }
      const { value } = gemini.request.decode(wire, { model: 'models/other', contents: 'Hi' })
      expect(value.model).to.equal(name.replace(/^models\//, ''))
      expect(value.stream).to.equal(false)
    }
    expect(gemini.request.decode(EVENTS_WIRE, { contents: 'Hi' }).value.stream).to.equal(true)
  })

  it('a model in the body follows the back end’s, in the client’s own form', () => {
    for (const [said, expected] of [
      ['models/asked', 'models/theirs'],
      ['asked', 'theirs'],
    ]) {
      const value = decodeWith({ model: said })
      expect(gemini.request.encode({ ...value, model: 'theirs' }, {}).body.model).to.equal(expected)
    }
  })

  it('contents become messages, and parts become what they are', () => {
    const { messages } = decodeWith({
      systemInstruction: { parts: [{ text: 'Be brief.' }] },
      contents: [
        {
          role: 'user',
          parts: [
            { text: 'Hi' },
            { inlineData: { mimeType: 'image/png', data: 'AA==' } },
            { inlineData: { mimeType: 'audio/wav', data: 'AA==' } },
            { inlineData: { mimeType: 'application/pdf', data: 'AA==' } },
          ],
        },
        {
          role: 'model',
          parts: [
            { text: 'Hm', thought: true, thoughtSignature: 's' },
            { text: 'Hi', thoughtSignature: 't' },
            { functionCall: { id: 'c', name: 'f', args: { a: 1 } }, thoughtSignature: 'u' },
          ],
        },
        { role: 'user', parts: [{ fileData: { fileUri: 'https://example.com/x.png', mimeType: 'image/png' } }] },
      ],
    })
    expect(bare(messages)).to.deep.equal([
      { role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] },
      {
        role: 'user',
        parts: [
          TEXT,
          { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'AA==' } },
          { type: 'audio', source: { type: 'base64', mediaType: 'audio/wav', data: 'AA==' } },
          { type: 'file', source: { type: 'base64', mediaType: 'application/pdf', data: 'AA==' } },
        ],
      },
      {
        role: 'assistant',
        parts: [
          { type: 'reasoning', text: 'Hm', signature: 's', issuer: 'gemini' },
          { ...TEXT, signature: 't', issuer: 'gemini' },
          { type: 'tool-call', id: 'c', name: 'f', arguments: '{"a":1}', signature: 'u', issuer: 'gemini' },
        ],
      },
      {
        role: 'user',
        parts: [{ type: 'image', source: { type: 'url', url: 'https://example.com/x.png', mediaType: 'image/png' } }],
      },
    ])
  })

  const SETTINGS = [
    ['trap 113: the limit', { maxOutputTokens: 10 }, { maxOutputTokens: 10 }],
    [
      'sampling',
      { temperature: 0.5, topP: 0.9, topK: 40, seed: 7 },
      { temperature: 0.5, topP: 0.9, topK: 40, seed: 7 },
    ],
    ['penalties', { presencePenalty: -1.5, frequencyPenalty: 1 }, { presencePenalty: -1.5, frequencyPenalty: 1 }],
    ['trap 115: stops', { stopSequences: ['a', 'b'] }, { stop: ['a', 'b'] }],
    ['log probabilities', { responseLogprobs: true, logprobs: 3 }, { logprobs: true, topLogprobs: 3 }],
    ['candidates', { candidateCount: 2 }, { candidates: 2 }],
    ['trap 119: JSON', { responseMimeType: 'application/json' }, { responseFormat: { type: 'json' } }],
    [
      'trap 119: a schema',
      { responseMimeType: 'application/json', responseSchema: { type: 'OBJECT' } },
      { responseFormat: { type: 'json-schema', schema: { type: 'object' } } },
    ],
    [
      'K41: a schema in capitals',
      { responseMimeType: 'application/json', responseJsonSchema: { type: 'OBJECT' } },
      { responseFormat: { type: 'json-schema', schema: { type: 'object' } } },
    ],
    [
      'a budget of thoughts',
      { thinkingConfig: { thinkingBudget: 100 } },
      { reasoning: { mode: 'on', budgetTokens: 100 } },
    ],
    ['no thoughts', { thinkingConfig: { thinkingBudget: 0 } }, { reasoning: { mode: 'off' } }],
    ['as many thoughts as it likes', { thinkingConfig: { thinkingBudget: -1 } }, { reasoning: { mode: 'adaptive' } }],
    [
      'a level, shown',
      { thinkingConfig: { thinkingLevel: 'HIGH', includeThoughts: true } },
      { reasoning: { effort: 'high', display: 'summarized' } },
    ],
    ['K57: a level that says nothing', { thinkingConfig: { thinkingLevel: 'THINKING_LEVEL_UNSPECIFIED' } }, {}],
  ] as const
  for (const [title, generationConfig, settings] of SETTINGS) {
    it(`${title}: ${JSON.stringify(generationConfig)}`, () =>
      expect(decodeWith({ generationConfig }).settings).to.deep.equal(settings))
  }

  const CHOICES: readonly (readonly [object, ToolChoice])[] = [
    [{ mode: 'AUTO' }, { type: 'auto' }],
    [{ mode: 'validated' }, { type: 'auto' }],
    [{ mode: 'NONE' }, { type: 'none' }],
    [{ mode: 'ANY' }, { type: 'required' }],
    [{ mode: 'ANY', allowedFunctionNames: [] }, { type: 'required' }],
    [
      { mode: 'ANY', allowedFunctionNames: ['f'] },
      { type: 'tool', name: 'f' },
    ],
    [
      { mode: 'ANY', allowedFunctionNames: ['f', 'g'] },
      { type: 'allowed', mode: 'required', names: ['f', 'g'] },
    ],
    [
      { mode: 'VALIDATED', allowedFunctionNames: ['f'] },
      { type: 'allowed', mode: 'auto', names: ['f'] },
    ],
  ]
  for (const [functionCallingConfig, choice] of CHOICES) {
    it(`trap 116: ${JSON.stringify(functionCallingConfig)}`, () =>
      expect(decodeWith({ toolConfig: { functionCallingConfig } }).toolChoice).to.deep.equal(choice))
  }

  it('tools: each declaration is a function, everything else a tool of the API', () => {
    const { tools } = decodeWith({
      tools: [
        { functionDeclarations: [{ name: 'f', description: 'd', parameters: { type: 'OBJECT' } }], googleSearch: {} },
      ],
    })
    expect(bare(tools)).to.deep.equal([
      { type: 'function', name: 'f', description: 'd', parameters: { type: 'object' } },
      { type: 'hosted', name: 'googleSearch', protocol: 'gemini', value: { googleSearch: {} } },
    ])
  })

  it('a count takes contents, or a whole request in a member of its own', () => {
    const line = '/v1beta/models/m:countTokens'
    const request = {
      model: 'models/m',
      contents: [{ role: 'user', parts: [{ text: 'Hi' }] }],
      systemInstruction: 'x',
      tools: [{ googleSearch: {} }],
    }
    for (const body of [request, { generateContentRequest: request }]) {
      const { value } = gemini.request.decode(wireFor(line), body)
      expect(value.messages).to.have.length(2)
      expect(value.tools).to.have.length(1)
      expect(gemini.request.encode(value, {}).body).to.deep.equal(body)
      expect(gemini.request.glance(wireFor(line), Buffer.from(JSON.stringify(body))).model).to.equal('m')
    }
  })

  const WRONG = [
    [{ contents: undefined }, 'contents'],
    [{ contents: [] }, 'contents'],
    [{ contents: [7] }, 'contents.0'],
    [{ contents: [{ role: 'robot', parts: [] }] }, 'contents.0.role'],
    [{ contents: [{ role: 'user', parts: [{ text: 7 }] }] }, 'contents.0.parts.0.text'],
    [{ contents: [{ role: 'user', parts: [{ inlineData: {} }] }] }, 'contents.0.parts.0.inlineData.data'],
    [
      { contents: [{ role: 'model', parts: [{ functionCall: { args: {} } }] }] },
      'contents.0.parts.0.functionCall.name',
    ],
    [
      { contents: [{ role: 'model', parts: [{ functionCall: { name: 'f', args: '{}' } }] }] },
      'contents.0.parts.0.functionCall.args',
    ],
    [
      { contents: [{ role: 'user', parts: [{ functionResponse: { name: 'f', response: 'x' } }] }] },
      'contents.0.parts.0.functionResponse.response',
    ],
    [{ systemInstruction: 7 }, 'systemInstruction'],
    [{ tools: 7 }, 'tools'],
    [{ tools: [{ functionDeclarations: [{}] }] }, 'tools.0.functionDeclarations.0.name'],
    [{ toolConfig: { functionCallingConfig: { mode: 7 } } }, 'toolConfig.functionCallingConfig.mode'],
    [{ generationConfig: { temperature: 'hot' } }, 'generationConfig.temperature'],
    [{ generationConfig: { maxOutputTokens: 0 } }, 'generationConfig.maxOutputTokens'],
    [{ generationConfig: { stopSequences: [1] } }, 'generationConfig.stopSequences.0'],
    [
      { generationConfig: { thinkingConfig: { thinkingBudget: 'x' } } },
      'generationConfig.thinkingConfig.thinkingBudget',
    ],
    [{ store: 'yes' }, 'store'],
  ] as const
  for (const [members, param] of WRONG) {
    it(`F31: ${JSON.stringify(members)} is refused, naming ${param}`, () => {
      const error = failureOf(() => decodeWith(members))
      expect(error).to.include({ kind: 'bad-request', param })
    })
  }

  it('what only this API has is reported by other encoders, and how it was spelled is not', () => {
    const value = decodeWith({ cachedContent: 'x', generationConfig: { top_k: 3, imageConfig: {} } })
    expect(value.extra?.fields).to.have.all.keys('generationConfig.imageConfig', 'cachedContent')
    expect(sketchLosses(sendOn({}).losses)).to.deep.equal([])
  })
})
