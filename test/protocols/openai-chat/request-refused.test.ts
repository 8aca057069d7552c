import { expect } from 'chai'
import fc from 'fast-check'
import type { ChatRequest } from '../../../protocols/ir/request.ts'
import { openaiChat } from '../../../protocols/openai-chat/index.ts'
import { decodeWith, failureOf, WIRE } from './exchange.ts'

describe('a request that is wrong is refused with the name of the field', () => {
  const WRONG: readonly (readonly [field: string, members: object, message?: RegExp])[] = [
    ['model', { model: undefined }, /^Missing required field: model$/],
    ['model', { model: '' }],
    ['messages', { messages: undefined }, /^Missing required field: messages$/],
    ['messages', { messages: [] }],
    ['messages.0.role', { messages: [{ content: 'a' }] }],
    [
      'messages.0.role',
      { messages: [{ role: 'robot', content: 'a' }] },
      /system, developer, user, assistant, tool, function/,
    ],
    ['messages.0.content', { messages: [{ role: 'user' }] }, /^Missing required field: messages.0.content$/],
    ['messages.0.content', { messages: [{ role: 'user', content: 5 }] }],
    ['messages.0.content.0.type', { messages: [{ role: 'user', content: [{ text: 'a' }] }] }],
    ['messages.0.content.0.text', { messages: [{ role: 'user', content: [{ type: 'text' }] }] }],
    ['messages.0.content.0.image_url', { messages: [{ role: 'user', content: [{ type: 'image_url' }] }] }],
    ['messages.0.tool_call_id', { messages: [{ role: 'tool', content: 'a' }] }],
    [
      'messages.0.tool_calls.0.function.name',
      { messages: [{ role: 'assistant', tool_calls: [{ id: 'a', function: {} }] }] },
    ],
    ['temperature', { temperature: 2.1 }],
    ['temperature', { temperature: -0.1 }],
    ['top_p', { top_p: 1.5 }],
    ['presence_penalty', { presence_penalty: 3 }],
    ['frequency_penalty', { frequency_penalty: -3 }],
    ['n', { n: 0 }],
    ['max_tokens', { max_tokens: 0 }],
    ['max_completion_tokens', { max_completion_tokens: 1.5 }],
    ['seed', { seed: 2 ** 60 }],
    ['logit_bias.7', { logit_bias: { 7: 'a' } }],
    ['stop.1', { stop: ['a', 1] }],
    ['tool_choice', { tool_choice: 'sometimes' }],
    ['tools.0.function.name', { tools: [{ type: 'function', function: {} }] }],
    ['response_format.json_schema', { response_format: { type: 'json_schema' } }],
    ['stream_options.include_usage', { stream_options: { include_usage: 'yes' } }],
  ]
  for (const [field, members, message] of WRONG) {
    it(`${field}: ${JSON.stringify(members)}`, () => {
      const error = failureOf(() => decodeWith(members))
      expect(error).to.include({ kind: 'bad-request', param: field, source: 'proxy' })
      expect(error.message)
        .to.include(field)
        .and.match(message ?? /./)
    })
  }

  it('F12: every member with every wrong type', () => {
    const TYPES: Readonly<Record<string, readonly string[]>> = {
      model: ['string'],
      messages: ['array'],
      stream: ['boolean'],
      stream_options: ['object'],
      tools: ['array'],
      functions: ['array'],
      tool_choice: ['string', 'object'],
      function_call: ['string', 'object'],
      parallel_tool_calls: ['boolean'],
      max_tokens: ['number'],
      max_completion_tokens: ['number'],
      temperature: ['number'],
      top_p: ['number'],
      top_k: ['number'],
      stop: ['string', 'array'],
      stop_sequences: ['string', 'array'],
      seed: ['number'],
      presence_penalty: ['number'],
      frequency_penalty: ['number'],
      logit_bias: ['object'],
      logprobs: ['boolean'],
      top_logprobs: ['number'],
      n: ['number'],
      response_format: ['object'],
      reasoning_effort: ['string'],
      reasoning: ['object'],
      thinking: ['object'],
      enable_thinking: ['boolean'],
      thinking_budget: ['number'],
      verbosity: ['string'],
      user: ['string'],
      safety_identifier: ['string'],
      metadata: ['object'],
      store: ['boolean'],
      service_tier: ['string'],
      prompt_cache_key: ['string'],
      system: ['string', 'array'],
    }
    const VALUES: Readonly<Record<string, unknown>> = {
      string: 'x',
      number: 1,
      boolean: true,
      array: [1],
      object: { a: 1 },
    }
    for (const [field, right] of Object.entries(TYPES)) {
      for (const [type, value] of Object.entries(VALUES)) {
        if (right.includes(type)) continue
        const error = failureOf(() => decodeWith({ [field]: value }))
        expect(error.kind, `${field} as ${type}`).to.equal('bad-request')
        expect(error.param?.split('.')[0], `${field} as ${type}`).to.equal(field)
      }
    }
  })

  it('F8: a body that is no object', () => {
    for (const body of [null, 5, [], 'x', undefined]) {
      expect(failureOf(() => openaiChat.request.decode(WIRE, body)).kind).to.equal('bad-request')
    }
  })

  it('F99: anything at all is read or refused, and never an exception of ours', () => {
    const names = [
      'role',
      'content',
      'type',
      'text',
      'tool_calls',
      'function',
      'name',
      'arguments',
      'id',
      'image_url',
      'url',
      'reasoning_details',
    ]
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(null, '', 'user', 'assistant', 'tool', 'text', 0, 1.5, true),
        tie('list'),
        tie('object'),
      ),
      list: fc.array(tie('any'), { maxLength: 3 }),
      object: fc.dictionary(fc.constantFrom(...names), tie('any'), { maxKeys: 5 }),
    })).any
    fc.assert(
      fc.property(fc.array(value, { maxLength: 3 }), value, (messages, tools) => {
        try {
          const request: ChatRequest = decodeWith({ messages, tools })
          openaiChat.request.encode(request, {})
        } catch (error: any) {
          if (error.error?.kind !== 'bad-request') throw error
        }
      }),
      { numRuns: 2000 },
    )
  })
})
