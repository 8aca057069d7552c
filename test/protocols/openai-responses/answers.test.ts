/** Whole answers, what the gateway must know of a request, and errors. */
import { expect } from 'chai'
import type { ApiErrorKind } from '../../../protocols/ir/error.ts'
import { openaiResponses } from '../../../protocols/openai-responses/index.ts'
import {
  answerOf,
  bytesOf,
  decodeAnswer,
  decodeWith,
  encodeAnswer,
  encodeParts,
  failureOf,
  sketchLosses,
  sketchParts,
  WIRE,
} from './exchange.ts'
import { hasRecordings, loadSchema } from './recordings.ts'

const MESSAGE = { type: 'message', id: 'msg_1', role: 'assistant', status: 'completed' }
const spoken = (text: string) => ({ ...MESSAGE, content: [{ type: 'output_text', text, annotations: [] }] })

describe('answers of Responses, decoded', () => {
  it('Q53: a copy that leaves out what the API demands', () => {
    const { createdAt, choices, usage, id } = decodeAnswer({
      object: 'response',
      status: 'completed',
      created_at: 12.7,
      output: [{ type: 'function_call', item_id: 'fc', call_id: 'c', name: 'a_b', arguments: '' }],
    })
    expect([id, createdAt, usage]).to.deep.equal(['', 12, undefined])
    expect(sketchParts(choices[0]?.parts ?? [])).to.deep.equal([['tool-call', 'c', 'a_b', '{}', false, null]])
    expect(choices[0]?.finish).to.deep.equal({ reason: 'tool-calls' })
  })

  const FAILURES = [
    [
      'an answer that failed',
      answerOf([], { status: 'failed', error: { code: 'rate_limit_exceeded', message: 'slow' } }),
      'rate-limited',
      'slow',
    ],
    ['one that was given up', answerOf([], { status: 'cancelled' }), 'upstream-failed', 'cancelled'],
    [
      'an error in place of an answer',
      { error: { message: 'too long', code: 'context_length_exceeded' } },
      'context-overflow',
      'too long',
    ],
    ['no answer at all', { object: 'list' }, 'upstream-failed', 'output'],
    ['an item that is none', answerOf(['x' as never]), 'upstream-failed', 'output.0'],
  ] as const
  for (const [title, body, kind, word] of FAILURES) {
    it(`F48: ${title} is a failure`, () => {
      const error = failureOf(() => decodeAnswer(body))
      expect(error.kind).to.equal(kind)
      expect(error.message).to.contain(word)
    })
  }

  it('an answer that runs in the background is not there yet', () => {
    const { choices } = decodeAnswer(answerOf([], { status: 'queued' }))
    expect(choices[0]?.finish).to.deep.equal({
      reason: 'pause',
      original: { protocol: 'openai-responses', value: 'queued' },
    })
    expect(encodeAnswer(decodeAnswer(answerOf([], { status: 'queued' }))).body.status).to.equal('queued')
  })

  it('what is repeated of the request is no loss to others, what a vendor adds is one', () => {
    const answer = decodeAnswer(
      answerOf([spoken('Hi')], { tools: [], temperature: 1, completed_at: 5, vendor_thing: 7 }),
    )
    expect(answer.extra?.fields).to.deep.equal({ vendor_thing: 7 })
    expect(answer.echo?.fields).to.deep.equal({ tools: [], temperature: 1, completed_at: 5 })
  })
})

describe('answers of Responses, encoded', () => {
  it('an answer of another protocol is complete by the schema', function () {
    const { body, losses } = encodeParts(
      [
        { type: 'reasoning', text: 'Hm', signature: 's', issuer: 'anthropic' },
        {
          type: 'text',
          text: 'Hello',
          citations: [{ url: 'https://a', title: 'A', original: { protocol: 'other', value: 1 } }],
        },
        { type: 'refusal', text: 'but no' },
        { type: 'tool-call', id: 'c', name: 'f', arguments: '{}' },
      ],
      { reason: 'tool-calls' },
    )
    expect(losses).to.deep.equal([])
    expect(body.output).to.deep.equal([
      {
        id: 'rs_x1_0',
        type: 'reasoning',
        summary: [{ type: 'summary_text', text: 'Hm' }],
        encrypted_content: 'sealed:signature:anthropic:s',
      },
      {
        id: 'msg_x1_1',
        type: 'message',
        role: 'assistant',
        status: 'completed',
        content: [
          {
            type: 'output_text',
            text: 'Hello',
            annotations: [{ type: 'url_citation', url: 'https://a', title: 'A', start_index: 0, end_index: 5 }],
            logprobs: [],
          },
          { type: 'refusal', refusal: 'but no' },
        ],
      },
      { id: 'fc_x1_2', type: 'function_call', status: 'completed', arguments: '{}', call_id: 'c', name: 'f' },
    ])
    expect(body).to.deep.include({
      id: 'resp_x1',
      object: 'response',
      created_at: 1_700_000_000,
      model: 'asked',
      status: 'completed',
    })
    if (!hasRecordings) this.skip()
    expect(loadSchema('response.closed')(body)).to.equal(undefined)
  })

  it('trap 86: a proof of another vendor goes to the client sealed, and comes back as what it was', () => {
    const thought = { type: 'reasoning', text: 'Hm', signature: 's:1', issuer: 'anthropic' } as const
    const { body } = encodeParts([thought])
    const [message] = decodeWith({ input: body.output }).messages
    const part = message?.parts[0]
    expect(part?.type === 'reasoning' ? [part.text, part.signature, part.issuer, part.encrypted] : part).to.deep.equal([
      'Hm',
      's:1',
      'anthropic',
      undefined,
    ])
  })

  it('trap 111: counters that nobody told are 0, and an answer without any says so', () => {
    const { body } = encodeAnswer({ usage: { inputTokens: 4 } })
    expect(body.usage).to.deep.equal({
      input_tokens: 4,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: 0,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: 4,
    })
    expect(encodeAnswer({}).body.usage).to.equal(null)
  })

  it('what cannot be told is reported', () => {
    const finish = { reason: 'stop' } as const
    const { body, losses } = encodeAnswer({
      serviceTier: 'on_demand',
      extra: { protocol: 'other', fields: { x: 1 } },
      echo: { protocol: 'other', fields: { y: 1 } },
      choices: [
        {
          index: 0,
          finish: { ...finish, stopSequence: '.' },
          logprobs: { protocol: 'other', value: {} },
          parts: [
            { type: 'file', source: { type: 'url', url: 'https://a' } },
            { type: 'audio', source: { type: 'base64', mediaType: 'audio/wav', data: 'A' }, transcript: 'spoken' },
            { type: 'tool-call', id: 'c', name: 'f', arguments: '{}', signature: 's' },
          ],
        },
        { index: 1, finish, parts: [] },
      ],
    })
    expect(sketchLosses(losses)).to.have.members([
      'serviceTier: dropped',
      'x: dropped',
      'choices.1: dropped',
      'choices.0.finish.stopSequence: dropped',
      'choices.0.logprobs: dropped',
      'choices.0.parts.0: dropped',
      'choices.0.parts.1: changed',
      'choices.0.parts.2.signature: dropped',
    ])
    expect(body.output.map((item: any) => item.content?.[0].text ?? item.name)).to.deep.equal(['spoken', 'f'])
  })
})

describe('a glance at a Responses request', () => {
  const look = (members: object) =>
    openaiResponses.request.glance(WIRE, bytesOf({ model: 'm', input: 'Hi', ...members }))

  const THINKING = [
    [{}, false],
    [{ reasoning: null }, false],
    [{ reasoning: {} }, false],
    [{ reasoning: { effort: 'none', summary: 'auto' } }, false],
    [{ reasoning: { effort: 'low' } }, true],
    [{ reasoning: { summary: 'auto' } }, true],
  ] as const
  for (const [members, thinking] of THINKING) {
    it(`${JSON.stringify(members)} ${thinking ? 'asks' : 'does not ask'} for thoughts`, () =>
      expect(look(members).thinking).to.equal(thinking))
  }

  it('tells what the model must be able to take', () => {
    const none = { tools: false, images: false, audio: false, files: false }
    expect(look({}).needs).to.deep.equal(none)
    expect(look({ tools: [] }).needs).to.deep.equal(none)
    expect(look({ tools: [{ type: 'web_search' }] }).needs.tools).to.equal(true)
    expect(look({ input: [{ type: 'additional_tools', tools: [] }] }).needs.tools).to.equal(true)
    expect(
      look({ input: [{ role: 'user', content: [{ type: 'input_image', image_url: 'x' }] }] }).needs.images,
    ).to.equal(true)
    expect(
      look({ input: [{ type: 'function_call_output', output: [{ type: 'input_file', file_url: 'x' }] }] }).needs.files,
    ).to.equal(true)
    expect(look({ input: 'a picture of "type":"input_image"' }).needs.images).to.equal(false)
  })

  const WRONG = [
    ['no input', { input: undefined }, 'Missing required field: input'],
    ['an input that is none', { input: 5 }, 'input: expected a string or an array'],
    ['no model', { model: undefined }, 'Missing required field: model'],
    ['a stream that is neither', { stream: 'yes' }, 'stream: expected true or false'],
  ] as const
  for (const [title, members, message] of WRONG) {
    it(`refuses ${title}`, () => expect(failureOf(() => look(members)).message).to.contain(message))
  }

  it('takes a request whose input is kept at the server: a relay may pass it', () => {
    for (const name of ['prompt', 'previous_response_id', 'conversation']) {
      expect(look({ input: undefined, [name]: 'x' }).model).to.equal('m')
    }
  })

  it('replaces the model in place', () => {
    const bytes = new TextEncoder().encode('{"input":"model", "model" : "a","x":1}')
    expect(new TextDecoder().decode(openaiResponses.request.rename(bytes, 'b/"c'))).to.equal(
      '{"input":"model", "model" : "b/\\"c","x":1}',
    )
    expect(openaiResponses.request.rename(bytes, 'a')).to.equal(bytes)
  })
})

describe('Responses requests that are wrong', () => {
  const WRONG = [
    [{ input: [5] }, 'input.0'],
    [{ input: [{ role: 'robot', content: 'x' }] }, 'input.0.role'],
    [{ input: [{ role: 'user' }] }, 'input.0.content'],
    [{ input: [{ role: 'user', content: [{}] }] }, 'input.0.content.0.type'],
    [{ input: [{ role: 'user', content: [{ type: 'input_text' }] }] }, 'input.0.content.0.text'],
    [{ input: [{ type: 'function_call', call_id: 'c', arguments: '{}' }] }, 'input.0.name'],
    [{ input: [{ type: 'function_call', name: 'f', arguments: '{}' }] }, 'input.0.call_id'],
    [{ input: [{ type: 'function_call_output', call_id: 'c' }] }, 'input.0.output'],
    [{ tools: {} }, 'tools'],
    [{ tools: [{ type: 'function' }] }, 'tools.0.name'],
    [{ tools: [{ type: 'namespace', name: 'n', tools: [{ type: 'custom' }] }] }, 'tools.0.tools.0.name'],
    [{ tool_choice: 'any' }, 'tool_choice'],
    [{ tool_choice: { type: 'allowed_tools', mode: 'x' } }, 'tool_choice.mode'],
    [{ max_output_tokens: 0 }, 'max_output_tokens'],
    [{ temperature: 3 }, 'temperature'],
    [{ text: { format: { type: 'json_schema' } } }, 'text.format.schema'],
    [{ reasoning: 'high' }, 'reasoning'],
    [{ model: '' }, 'model'],
    [{ conversation: { id: 'conv_1' } }, 'conversation'],
  ] as const
  for (const [members, param] of WRONG) {
    it(`${JSON.stringify(members)} is refused by the name ${param}`, () => {
      const error = failureOf(() => decodeWith(members))
      expect(error.kind).to.equal('bad-request')
      expect(error.param).to.equal(param)
    })
  }

  it('trap 142: items without a type are known by what they hold', () => {
    const { messages } = decodeWith({
      input: [
        { role: 'user', content: 'Hi' },
        { role: 'assistant', call_id: 'c', name: 'f', arguments: '{}' },
        { call_id: 'c', output: 'ok' },
      ],
    })
    expect(messages.map(({ role, parts }) => [role, parts[0]?.type])).to.deep.equal([
      ['user', 'text'],
      ['assistant', 'tool-call'],
      ['tool', 'tool-result'],
    ])
  })

  it('trap 72: a result that is no text and no content is told as its JSON', () => {
    for (const output of [{ a: 1 }, [1, 2], 5, [{ a: 1 }]]) {
      const [message] = decodeWith({ input: [{ type: 'function_call_output', call_id: 'c', output }] }).messages
      const part = message?.parts[0]
      expect(part?.type === 'tool-result' ? part.content : part).to.deep.equal([
        { type: 'text', text: JSON.stringify(output) },
      ])
    }
  })

  it('trap 47: tools of the same name in two groups are told apart, and found again by their calls', () => {
    const group = (name: string) => ({
      type: 'namespace',
      name,
      description: '',
      tools: [{ type: 'function', name: 'run' }],
    })
    const { tools, messages, spelling } = decodeWith({
      tools: [group('a'), group('b')],
      input: [{ type: 'function_call', call_id: 'c', name: 'run', namespace: 'b', arguments: '{}' }],
    })
    expect(tools?.map(({ name }) => name)).to.deep.equal(['a__run', 'b__run'])
    const called = messages[0]?.parts[0]
    expect(called?.type === 'tool-call' ? called.name : called).to.equal('b__run')
    const { body } = encodeParts(
      [{ type: 'tool-call', id: 'c', name: 'b__run', arguments: '{}' }],
      { reason: 'tool-calls' },
      { spelling: spelling! },
    )
    expect(body.output[0]).to.deep.include({ name: 'run', namespace: 'b' })
  })
})

describe('errors of Responses', () => {
  const KINDS: readonly (readonly [status: number, body: unknown, kind: ApiErrorKind])[] = [
    [
      400,
      { error: { message: 'Your input exceeds the context window', code: 'context_length_exceeded' } },
      'context-overflow',
    ],
    [400, { error: { message: 'x', type: 'invalid_request_error', param: 'input' } }, 'bad-request'],
    [400, { code: 'invalid-argument', error: 'Incorrect API key provided' }, 'unauthorized'],
    [401, { error: { message: 'x', code: 'invalid_api_key' } }, 'unauthorized'],
    [429, { error: { message: 'x', type: 'insufficient_quota', code: 'insufficient_quota' } }, 'payment-required'],
    [429, { error: { message: 'x' } }, 'rate-limited'],
    [500, { error: { message: 'x', type: 'server_error' } }, 'upstream-failed'],
    [503, { error: { message: 'model is at capacity' } }, 'overloaded'],
    [418, 'teapot', 'bad-request'],
    [502, '<html>', 'upstream-failed'],
  ]
  for (const [status, body, kind] of KINDS) {
    it(`Q36, Q37: ${status} ${JSON.stringify(body)} is ${kind}`, () => {
      const text = typeof body === 'string' ? body : JSON.stringify(body)
      const error = openaiResponses.error.decode(status, { 'retry-after': '3' }, text)
      expect([error.kind, error.status, error.retryAfterMs]).to.deep.equal([kind, status, 3000])
    })
  }

  it('trap 153: are told in the envelope of the API, which its schema takes', function () {
    const error = { kind: 'context-overflow', message: 'too long', param: 'input', source: 'provider' } as const
    const { status, headers, body } = openaiResponses.error.encode({ ...error, retryAfterMs: 1500 }, 'req_1')
    expect([status, headers['x-request-id'], headers['retry-after']]).to.deep.equal([400, 'req_1', '2'])
    expect(body).to.deep.equal({
      error: {
        message: 'too long',
        type: 'invalid_request_error',
        param: 'input',
        code: 'context_length_exceeded',
        source: 'provider',
      },
    })
    if (!hasRecordings) this.skip()
    expect(loadSchema('error')(body)).to.equal(undefined)
  })

  it('F60: the tap knows whether something may be put between two events', () => {
    const tap = openaiResponses.stream.tap()
    expect(tap.betweenEvents).to.equal(true)
    tap.push(
      new TextEncoder().encode(
        'event: x\ndata: {"type":"response.output_text.delta","delta":"\\"response.completed\\""}\n',
      ),
    )
    expect([tap.betweenEvents, tap.finished]).to.deep.equal([false, false])
    tap.push(new TextEncoder().encode('\n'))
    expect(tap.betweenEvents).to.equal(true)
  })

  it('calls go to one path, and what the API does not have is refused', () => {
    const { address } = openaiResponses.request
    const chat = address({ model: 'm', stream: true, operation: 'chat' })
    expect([chat.path, chat.headers.accept]).to.deep.equal(['/v1/responses', 'text/event-stream'])
    expect(address({ model: 'm', stream: false, operation: 'count-tokens' }).path).to.equal(
      '/v1/responses/input_tokens',
    )
    expect(failureOf(() => address({ model: 'm', stream: false, operation: 'embed' })).kind).to.equal('not-implemented')
  })
})
