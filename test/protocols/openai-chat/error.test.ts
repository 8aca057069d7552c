import { expect } from 'chai'
import type { ApiError, ApiErrorKind } from '../../../protocols/ir/error.ts'
import { openaiChat } from '../../../protocols/openai-chat/index.ts'
import { hasRecordings, loadSchema } from './recordings.ts'

const JSON_TYPE = { 'content-type': 'application/json' }
const decode = (status: number, body: unknown, headers: Record<string, string> = JSON_TYPE) =>
  openaiChat.error.decode(status, headers, typeof body === 'string' ? body : JSON.stringify(body))

describe('an error answer is read', () => {
  const KINDS: readonly (readonly [title: string, status: number, body: unknown, kind: ApiErrorKind])[] = [
    [
      'Q36, trap 154: too long a prompt',
      400,
      { error: { message: 'x', type: 'invalid_request_error', param: 'messages', code: 'context_length_exceeded' } },
      'context-overflow',
    ],
    [
      'trap 154: too long a prompt, in words',
      400,
      { error: { message: "This model's maximum context length is 8192 tokens." } },
      'context-overflow',
    ],
    [
      'trap 154: too long a prompt at Anthropic’s copy',
      400,
      { error: { message: 'prompt is too long: 210000 tokens > 200000 maximum' } },
      'context-overflow',
    ],
    ['Q36: an unknown model', 400, { error: { message: 'x', code: 'model_not_found' } }, 'model-not-found'],
    ['an unknown model, in words', 404, { error: { message: 'The model `x` does not exist' } }, 'model-not-found'],
    ['an unknown path', 404, { error: { message: 'Not Found' } }, 'not-found'],
    [
      'Q37: xAI’s bad key, with 400',
      400,
      { code: 'Client specified an invalid argument', error: 'Incorrect API key provided: x' },
      'unauthorized',
    ],
    [
      'Q37: DeepSeek’s bad key',
      401,
      { error: { message: 'x', type: 'authentication_error', code: 'invalid_request_error' } },
      'unauthorized',
    ],
    ['Q37: OpenRouter’s number as code', 402, { error: { message: 'x', code: 402 } }, 'payment-required'],
    ['an empty account, with 429', 429, { error: { message: 'x', code: 'insufficient_quota' } }, 'payment-required'],
    ['too many requests', 429, { error: { message: 'x', code: 'rate_limit_exceeded' } }, 'rate-limited'],
    [
      'Q37: Groq’s failed call',
      400,
      { error: { message: 'x', code: 'tool_use_failed', failed_generation: '<f>' } },
      'bad-request',
    ],
    ['a filter', 400, { error: { message: 'x', code: 'content_filter' } }, 'content-filtered'],
    ['vLLM’s bare object', 400, { object: 'error', message: 'bad', type: 'BadRequestError', code: 400 }, 'bad-request'],
    ['FastAPI’s detail', 422, { detail: [{ loc: ['body'], msg: 'bad' }] }, 'bad-request'],
    [
      'a list with an error',
      400,
      [{ error: { code: 400, message: 'bad', status: 'INVALID_ARGUMENT' } }],
      'bad-request',
    ],
    ['an overloaded server', 503, { error: { message: 'The engine is currently overloaded' } }, 'overloaded'],
    ['a server that is away', 503, { error: { message: 'back soon' } }, 'unavailable'],
    ['trap 152: 529', 529, { error: { message: 'x', type: 'overloaded_error' } }, 'overloaded'],
    ['a refused client', 403, { error: { message: 'x' } }, 'forbidden'],
    ['too large a body', 413, 'x', 'too-large'],
    ['a teapot', 418, 'x', 'bad-request'],
    ['a status of nobody', 599, 'x', 'upstream-failed'],
    ['500', 500, { error: { message: 'x' } }, 'upstream-failed'],
    ['504', 504, '', 'upstream-timeout'],
  ]
  for (const [title, status, body, kind] of KINDS) {
    it(`${title} as ${kind}`, () => expect(decode(status, body)).to.include({ kind, status, source: 'provider' }))
  }

  it('with the vendor’s words, field and code', () => {
    const error = {
      message: 'Unsupported value',
      type: 'invalid_request_error',
      param: 'messages[0].role',
      code: 'unsupported_value',
    }
    expect(decode(400, { error })).to.deep.include({
      message: 'Unsupported value',
      param: 'messages[0].role',
      code: 'unsupported_value',
    })
  })

  const MESSAGES: readonly (readonly [body: unknown, message: string])[] = [
    [{ detail: 'Not authenticated' }, 'Not authenticated'],
    [{ detail: [{ msg: 'bad' }] }, '[{"msg":"bad"}]'],
    [{ error: { message: { deep: 1 } } }, '{"deep":1}'],
    [{ error: { code: 'some_code' } }, 'some_code'],
    [{ error: { type: 'x' } }, 'The provider told no reason.'],
    [{ error: { message: '', detail: 'from detail' } }, 'from detail'],
    [{ error: 'words', code: 'c' }, 'words'],
  ]
  for (const [body, message] of MESSAGES) {
    it(`with the message ${JSON.stringify(message)} of ${JSON.stringify(body)}`, () => {
      expect(decode(400, body).message).to.equal(message)
    })
  }

  it('Q37: with what OpenRouter’s provider said', () => {
    const error = { code: 429, message: 'Provider returned error', metadata: { raw: 'slow down', provider_name: 'G' } }
    expect(decode(429, { error }).message).to.equal('Provider returned error: slow down')
  })

  it('Q37: with what else the vendor tells, for clients of this protocol', () => {
    const error = decode(400, { error: { message: 'x', failed_generation: '<f>' } })
    const { body } = openaiChat.error.encode(error, 'req')
    expect((body.error as any).failed_generation).to.equal('<f>')
  })

  it('but no page of it', () =>
    expect(decode(400, { error: { message: 'x'.repeat(9000) } }).message.length).to.be.lessThan(2100))

  const PAGES: readonly (readonly [body: string, type: string, message: string])[] = [
    ['<html><h1>Bad Gateway</h1></html>', 'text/html; charset=utf-8', 'upstream answered 502 (text/html)'],
    ['', '', 'upstream answered 502'],
    ['no healthy upstream', 'text/plain', 'upstream answered 502 (text/plain): no healthy upstream'],
    ['{"broken', 'application/json', 'upstream answered 502 (application/json)'],
    ['{}', 'application/json', 'upstream answered 502 (application/json)'],
    ['"words"', 'application/json', 'upstream answered 502 (application/json)'],
  ]
  for (const [body, type, message] of PAGES) {
    it(`trap 27, F45: ${JSON.stringify(body)} of type ${JSON.stringify(type)}`, () => {
      const error = decode(502, body, type === '' ? {} : { 'content-type': type })
      expect(error).to.deep.equal({ kind: 'upstream-failed', message, source: 'provider', status: 502 })
    })
  }

  const WAITS: readonly (readonly [headers: Record<string, string>, wait: number | undefined])[] = [
    [{ 'retry-after': '2' }, 2000],
    [{ 'retry-after': '0.5' }, 500],
    [{ 'retry-after-ms': '1500', 'retry-after': '9' }, 1500],
    [{ 'retry-after': 'Wed, 21 Oct 2026 07:28:05 GMT', date: 'Wed, 21 Oct 2026 07:28:00 GMT' }, 5000],
    [{ 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT', date: 'Wed, 21 Oct 2026 07:28:05 GMT' }, undefined],
    [{ 'retry-after': 'Wed, 21 Oct 2026 07:28:05 GMT' }, undefined],
    [{ 'retry-after': '-5' }, undefined],
    [{ 'retry-after': 'NaN' }, undefined],
    [{}, undefined],
  ]
  for (const [headers, wait] of WAITS) {
    it(`F51: a wait of ${wait} from ${JSON.stringify(headers)}`, () => {
      expect(decode(429, { error: { message: 'x' } }, headers).retryAfterMs).to.equal(wait)
    })
  }
})

describe('an error is told', () => {
  const STATUSES: Readonly<Record<ApiErrorKind, number>> = {
    'bad-request': 400,
    'context-overflow': 400,
    'content-filtered': 400,
    unauthorized: 401,
    'payment-required': 402,
    forbidden: 403,
    'not-found': 404,
    'model-not-found': 404,
    'method-not-allowed': 405,
    'request-timeout': 408,
    conflict: 409,
    'too-large': 413,
    'unsupported-media-type': 415,
    'rate-limited': 429,
    cancelled: 499,
    internal: 500,
    'not-implemented': 501,
    'upstream-failed': 502,
    unavailable: 503,
    'upstream-timeout': 504,
    overloaded: 503,
  }
  for (const [kind, status] of Object.entries(STATUSES)) {
    it(`trap 153: ${kind} with ${status} in OpenAI’s envelope`, () => {
      // The keys are the kinds, which the compiler has checked above.
      const {
        status: told,
        headers,
        body,
      } = openaiChat.error.encode({ kind: kind as ApiErrorKind, message: 'm' }, 'req-1')
      expect(told).to.equal(status)
      expect(headers).to.include({ 'content-type': 'application/json', 'x-request-id': 'req-1' })
      expect(body.error).to.include({ message: 'm', param: null })
      if (hasRecordings) expect(loadSchema('error')(body)).to.equal(undefined)
    })
  }

  it('with the words that clients look for, whatever the vendor called it', () => {
    const told = (error: ApiError) => openaiChat.error.encode(error, 'r').body.error
    expect(told({ kind: 'context-overflow', message: 'm', code: 'too_long' })).to.include({
      code: 'context_length_exceeded',
      type: 'invalid_request_error',
    })
    expect(told({ kind: 'model-not-found', message: 'm' })).to.include({ code: 'model_not_found' })
    expect(told({ kind: 'bad-request', message: 'm', code: 'unsupported_value', param: 'n' })).to.include({
      code: 'unsupported_value',
      param: 'n',
    })
    expect(told({ kind: 'bad-request', message: 'm' })).to.include({ code: null })
  })

  it('F50: with who told it', () => {
    const { body } = openaiChat.error.encode({ kind: 'unauthorized', message: 'm', source: 'provider' }, 'r')
    expect(body.error).to.include({ source: 'provider' })
  })

  it('trap 152: with the wait in whole seconds, rounded up', () => {
    expect(
      openaiChat.error.encode({ kind: 'rate-limited', message: 'm', retryAfterMs: 1001 }, 'r').headers['retry-after'],
    ).to.equal('2')
    expect(openaiChat.error.encode({ kind: 'rate-limited', message: 'm' }, 'r').headers).to.not.have.property(
      'retry-after',
    )
  })

  it('without what another protocol kept', () => {
    const extra = { protocol: 'other', fields: { secret: 1 } }
    expect(openaiChat.error.encode({ kind: 'internal', message: 'm', extra }, 'r').body.error).to.not.have.property(
      'secret',
    )
  })

  it('and never with its message overwritten by what the vendor kept', () => {
    const extra = { protocol: 'openai-chat', fields: { message: 'other', type: 'other' } }
    expect(openaiChat.error.encode({ kind: 'internal', message: 'm', extra }, 'r').body.error).to.include({
      message: 'm',
      type: 'server_error',
    })
  })
})
