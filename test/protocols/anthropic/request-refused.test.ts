import { expect } from 'chai'
import { anthropic } from '../../../protocols/anthropic/index.ts'
import { decodeWith, failureOf, partsOf, wireFor } from './exchange.ts'

const WRONG: Readonly<Record<string, unknown>> = {
  string: 'x',
  number: 1.5,
  boolean: true,
  list: [1],
  object: { a: 1 },
}

/** The kinds of value that a field takes; every other kind has to be refused by its name. */
const FIELDS: readonly (readonly [path: string, takes: readonly string[], build: (value: unknown) => object])[] = [
  ['model', ['string'], (model) => ({ model })],
  ['max_tokens', [], (max_tokens) => ({ max_tokens })],
  ['temperature', ['number'], (temperature) => ({ temperature })],
  ['top_p', [], (top_p) => ({ top_p })],
  ['top_k', [], (top_k) => ({ top_k })],
  ['stream', ['boolean'], (stream) => ({ stream })],
  ['stop_sequences', ['list'], (stop_sequences) => ({ stop_sequences })],
  ['stop_sequences.0', ['string'], (value) => ({ stop_sequences: [value] })],
  ['service_tier', ['string'], (service_tier) => ({ service_tier })],
  ['presence_penalty', ['number'], (presence_penalty) => ({ presence_penalty })],
  ['frequency_penalty', ['number'], (frequency_penalty) => ({ frequency_penalty })],
  ['metadata', ['object'], (metadata) => ({ metadata })],
  ['metadata.user_id', ['string'], (user_id) => ({ metadata: { user_id } })],
  ['thinking', ['boolean'], (thinking) => ({ thinking })],
  ['thinking.type', ['string'], (type) => ({ thinking: { type } })],
  ['thinking.budget_tokens', [], (budget_tokens) => ({ thinking: { type: 'enabled', budget_tokens } })],
  ['thinking.display', ['string'], (display) => ({ thinking: { type: 'adaptive', display } })],
  ['output_config', ['object'], (output_config) => ({ output_config })],
  ['output_config.effort', ['string'], (effort) => ({ output_config: { effort } })],
  ['output_config.format', [], (format) => ({ output_config: { format } })],
  [
    'output_config.format.schema',
    ['object'],
    (schema) => ({ output_config: { format: { type: 'json_schema', schema } } }),
  ],
  ['output_format', [], (output_format) => ({ output_format })],
  ['output_format.schema', ['object'], (schema) => ({ output_format: { type: 'json_schema', schema } })],
  ['system', ['string'], (system) => ({ system })],
  ['system.0', ['string'], (block) => ({ system: [block] })],
  ['messages', [], (messages) => ({ messages })],
  ['messages.0', [], (message) => ({ messages: [message] })],
  ['messages.0.role', [], (role) => ({ messages: [{ role, content: 'x' }] })],
  ['messages.0.content', ['string'], (content) => ({ messages: [{ role: 'user', content }] })],
  ['tools', [], (tools) => ({ tools })],
  ['tools.0', [], (tool) => ({ tools: [tool] })],
  ['tools.0.name', ['string'], (name) => ({ tools: [{ name }] })],
  ['tools.0.type', ['string'], (type) => ({ tools: [{ name: 'f', type }] })],
  ['tools.0.description', ['string'], (description) => ({ tools: [{ name: 'f', description }] })],
  ['tools.0.input_schema', ['object'], (input_schema) => ({ tools: [{ name: 'f', input_schema }] })],
  ['tools.0.strict', ['boolean'], (strict) => ({ tools: [{ name: 'f', strict }] })],
  ['tools.0.cache_control', ['object'], (cache_control) => ({ tools: [{ name: 'f', cache_control }] })],
  ['tools.0.function', ['object'], (value) => ({ tools: [{ type: 'function', name: 'f', function: value }] })],
  ['tools.0.function.name', ['string'], (name) => ({ tools: [{ type: 'function', function: { name } }] })],
  ['tool_choice', [], (tool_choice) => ({ tool_choice })],
  ['tool_choice.type', [], (type) => ({ tool_choice: { type } })],
  ['tool_choice.name', ['string'], (name) => ({ tool_choice: { type: 'tool', name } })],
  [
    'tool_choice.disable_parallel_tool_use',
    ['boolean'],
    (value) => ({ tool_choice: { type: 'auto', disable_parallel_tool_use: value } }),
  ],
]

const BLOCKS: readonly (readonly [member: string, takes: readonly string[], build: (value: unknown) => unknown])[] = [
  ['', ['string'], (value) => value],
  ['.type', ['string'], (type) => ({ type, text: 'x' })],
  ['.text', ['string'], (text) => ({ type: 'text', text })],
  ['.citations', [], (citations) => ({ type: 'text', text: 'x', citations })],
  ['.citations.0', ['object'], (citation) => ({ type: 'text', text: 'x', citations: [citation] })],
  ['.cache_control', ['object'], (cache_control) => ({ type: 'text', text: 'x', cache_control })],
  ['.cache_control.ttl', ['string'], (ttl) => ({ type: 'text', text: 'x', cache_control: { type: 'ephemeral', ttl } })],
  ['.source', ['object'], (source) => ({ type: 'image', source })],
  [
    '.source.data',
    ['string'],
    (data) => ({ type: 'image', source: { type: 'base64', media_type: 'image/png', data } }),
  ],
  [
    '.source.media_type',
    ['string'],
    (type) => ({ type: 'image', source: { type: 'base64', media_type: type, data: '' } }),
  ],
  ['.source.url', ['string'], (url) => ({ type: 'document', source: { type: 'url', url } })],
  ['.source.file_id', ['string'], (file_id) => ({ type: 'document', source: { type: 'file', file_id } })],
  [
    '.source.data',
    ['string'],
    (data) => ({ type: 'document', source: { type: 'text', media_type: 'text/plain', data } }),
  ],
  ['.title', ['string'], (title) => ({ type: 'document', title, source: { type: 'url', url: 'u' } })],
  ['.thinking', ['string'], (thinking) => ({ type: 'thinking', thinking, signature: 's' })],
  ['.signature', ['string'], (signature) => ({ type: 'thinking', thinking: 't', signature })],
  ['.data', ['string'], (data) => ({ type: 'redacted_thinking', data })],
  ['.id', ['string'], (id) => ({ type: 'tool_use', id, name: 'f', input: {} })],
  ['.name', ['string'], (name) => ({ type: 'tool_use', id: 'i', name, input: {} })],
  ['.input', ['object'], (input) => ({ type: 'tool_use', id: 'i', name: 'f', input })],
  ['.tool_use_id', ['string'], (tool_use_id) => ({ type: 'tool_result', tool_use_id })],
  ['.is_error', ['boolean'], (is_error) => ({ type: 'tool_result', tool_use_id: 'i', is_error })],
]

describe('anthropic: request, decoded', () => {
  describe('what is refused', () => {
    it('B063: a request without messages is told so in these words', () => {
      const error = failureOf(() => anthropic.request.decode(wireFor(), { model: 'm' }))
      expect(error).to.deep.include({
        kind: 'bad-request',
        message: 'Missing required field: messages',
        param: 'messages',
      })
    })
    it('B064: a request without a model is told so in these words', () => {
      const body = { messages: [{ role: 'user', content: 'x' }] }
      expect(failureOf(() => anthropic.request.decode(wireFor(), body)).message).to.equal(
        'Missing required field: model',
      )
    })
    it('A133: no messages at all are refused', () => {
      expect(failureOf(() => decodeWith({ messages: [] })).param).to.equal('messages')
    })
    it('A135: a temperature of 2.1 is refused, one of 2 and of 0 is not', () => {
      expect(failureOf(() => decodeWith({ temperature: 2.1 })).message).to.contain('temperature')
      expect(decodeWith({ temperature: 2 }).settings.temperature).to.equal(2)
      expect(decodeWith({ temperature: 0 }).settings.temperature).to.equal(0)
    })
    it('F8: a body that is no object is refused', () => {
      for (const body of [null, 5, [], 'x']) {
        expect(failureOf(() => anthropic.request.decode(wireFor(), body)).kind).to.equal('bad-request')
      }
    })

    for (const [path, takes, build] of FIELDS) {
      for (const [kind, value] of Object.entries(WRONG)) {
        if (takes.includes(kind)) continue
        it(`F12: ${path} refuses a ${kind} by its name`, () => {
          const error = failureOf(() => decodeWith(build(value)))
          expect(error.kind).to.equal('bad-request')
          expect(error.param?.startsWith(path), `${error.param}: ${error.message}`).to.equal(true)
        })
      }
    }
    for (const [member, takes, build] of BLOCKS) {
      for (const [kind, value] of Object.entries(WRONG)) {
        if (takes.includes(kind)) continue
        const path = `messages.0.content.0${member}`
        it(`F12: ${path} refuses a ${kind} by its name`, () => {
          const error = failureOf(() => partsOf([build(value)]))
          expect(error.kind).to.equal('bad-request')
          expect(error.param?.startsWith(path), `${error.param}: ${error.message}`).to.equal(true)
        })
      }
    }
    it('F11: names of the prototype are names like any other', () => {
      const body = JSON.parse(
        '{"model":"m","messages":[{"role":"user","content":[{"type":"constructor"}]}],"__proto__":{"x":1}}',
      )
      const { value } = anthropic.request.decode(wireFor(), body)
      expect(value.messages[0]?.parts[0]?.type).to.equal('opaque')
      expect(Object.hasOwn(value.extra?.fields ?? {}, '__proto__')).to.equal(true)
      expect(Object.hasOwn(anthropic.request.encode(value, {}).body, '__proto__')).to.equal(true)
      expect(({} as { x?: number }).x).to.equal(undefined)
    })
  })

  describe('what is missing or null', () => {
    it('A208: max_tokens may be missing', () => {
      const body = { model: 'm', messages: [{ role: 'user', content: 'x' }] }
      expect(anthropic.request.decode(wireFor(), body).value.settings.maxOutputTokens).to.equal(undefined)
    })
    it('null is absent in every optional field', () => {
      const nulls = Object.fromEntries(
        FIELDS.filter(([path]) => !path.includes('.') && path !== 'model' && path !== 'messages').map(([path]) => [
          path,
          null,
        ]),
      )
      const request = decodeWith(nulls)
      expect(request.settings).to.deep.equal({})
      expect(request.stream).to.equal(false)
      expect(request.tools).to.equal(undefined)
      expect(request.toolChoice).to.equal(undefined)
    })
    it('trap 109: a count of tokens needs no limit and streams nothing', () => {
      const request = decodeWith({ max_tokens: undefined, stream: true }, '/v1/messages/count_tokens')
      expect(request.stream).to.equal(false)
      expect(anthropic.request.encode(request, {}).body).to.not.have.property('max_tokens')
    })
  })
})
