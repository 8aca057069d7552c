import { expect } from 'chai'
import { anthropic } from '../../../protocols/anthropic/index.ts'
import type { ApiError, ApiErrorKind } from '../../../protocols/ir/error.ts'
import { hasRecordings, loadSchema } from './recordings.ts'

const decode = (status: number, body: unknown, headers = {}) =>
  anthropic.error.decode(status, headers, typeof body === 'string' ? body : JSON.stringify(body))
const envelope = (type: string, message = 'm') => ({ type: 'error', error: { type, message }, request_id: 'req_1' })
const encode = (error: Partial<ApiError>) =>
  anthropic.error.encode({ kind: 'bad-request', message: 'm', ...error }, 'req_1') as any

describe('anthropic: error, decoded', () => {
  const KINDS: readonly (readonly [
    title: string,
    status: number,
    body: unknown,
    kind: ApiErrorKind,
    headers?: object,
  ])[] = [
    ['a bad request', 400, envelope('invalid_request_error'), 'bad-request'],
    ['a bad key', 401, envelope('authentication_error'), 'unauthorized'],
    ['no money', 402, envelope('billing_error'), 'payment-required'],
    ['a forbidden thing', 403, envelope('permission_error'), 'forbidden'],
    ['a missing thing', 404, envelope('not_found_error', 'file not found'), 'not-found'],
    [
      'a missing model, as recorded',
      404,
      envelope('not_found_error', 'model: this-model-does-not-exist-12345'),
      'model-not-found',
    ],
    ['too large a body', 413, envelope('request_too_large'), 'too-large'],
    ['too many requests', 429, envelope('rate_limit_error'), 'rate-limited'],
    ['a fault of theirs', 500, envelope('api_error'), 'upstream-failed'],
    ['a timeout', 504, envelope('timeout_error'), 'upstream-timeout'],
    ['trap 152: too busy', 529, envelope('overloaded_error'), 'overloaded'],
    [
      'trap 154: too long a prompt',
      400,
      envelope('invalid_request_error', 'prompt is too long: 205000 tokens > 200000 maximum'),
      'context-overflow',
    ],
    [
      'too long with the limit',
      400,
      envelope('invalid_request_error', 'input length and `max_tokens` exceed context limit: 198000 + 8192 > 200000'),
      'context-overflow',
    ],
    ['a type of tomorrow goes by its status', 429, envelope('tomorrow_error'), 'rate-limited'],
    [
      'Amazon: throttled',
      429,
      { message: 'Too many requests' },
      'rate-limited',
      { 'x-amzn-errortype': 'ThrottlingException:http://x/' },
    ],
    ['Amazon: refused', 400, { message: 'bad' }, 'bad-request', { 'x-amzn-errortype': 'ValidationException' }],
    [
      'Amazon: too long',
      400,
      { message: 'Input is too long for requested model.' },
      'context-overflow',
      { 'x-amzn-errortype': 'ValidationException' },
    ],
    ['Amazon: no access', 403, { Message: 'no' }, 'forbidden', { 'x-amzn-errortype': 'AccessDeniedException' }],
    [
      'Amazon: by the name in the body',
      400,
      { __type: 'com.amazon#ThrottlingException', message: 'x' },
      'rate-limited',
    ],
    ['Amazon: not ready', 429, { message: 'x' }, 'unavailable', { 'x-amzn-errortype': 'ModelNotReadyException' }],
    ['words in another envelope', 422, { detail: 'nope' }, 'bad-request'],
    ['a bare string', 403, { error: 'no' }, 'forbidden'],
    ['trap 27, F45: a page of a proxy', 502, '<html>Bad Gateway</html>', 'upstream-failed'],
    ['F45: nothing', 503, '', 'unavailable'],
    ['a list', 500, [1], 'upstream-failed'],
    ['an odd status of the client', 418, '', 'bad-request'],
    ['an odd status of theirs', 599, '', 'upstream-failed'],
    ['not there', 501, '', 'not-implemented'],
  ]
  for (const [title, status, body, kind, headers] of KINDS) {
    it(`${title} is ${kind}`, () => {
      const error = decode(status, body, headers)
      expect(error).to.include({ kind, status, source: 'provider' })
      expect(error.message).to.be.a('string').and.not.equal('')
    })
  }
  it('the message and the type are kept', () => {
    expect(decode(529, envelope('overloaded_error', 'Overloaded'))).to.include({
      message: 'Overloaded',
      code: 'overloaded_error',
    })
  })
  it('F45: a page is not shown, its kind is', () => {
    const { message } = decode(502, '<html>secret</html>', { 'content-type': 'text/html; charset=utf-8' })
    expect(message).to.equal('The provider answered 502 (text/html)')
  })
  it('F45: a short text is shown, a long one cut', () => {
    expect(decode(500, 'upstream gone', { 'content-type': 'text/plain' }).message).to.equal(
      'The provider answered 500: upstream gone',
    )
    expect(decode(500, 'x'.repeat(5000), {}).message.length).to.be.lessThan(400)
  })

  const WAITS: readonly (readonly [title: string, headers: object, expected: number | undefined])[] = [
    ['trap 152, F51: seconds', { 'retry-after': '2' }, 2000],
    ['a part of a second', { 'retry-after': '0.5' }, 500],
    ['F51: milliseconds count before them', { 'retry-after': '2', 'retry-after-ms': '150' }, 150],
    [
      'F51: a date, by the clock of the answer',
      { 'retry-after': 'Wed, 21 Oct 2026 07:28:10 GMT', date: 'Wed, 21 Oct 2026 07:28:00 GMT' },
      10_000,
    ],
    ['F51: a date without a clock', { 'retry-after': 'Wed, 21 Oct 2026 07:28:10 GMT' }, undefined],
    ['F51: a time that is past', { 'retry-after': '-5' }, undefined],
    ['F51: no number', { 'retry-after': 'soon' }, undefined],
    ['F51: nothing', { 'retry-after': '' }, undefined],
    ['F51: for ever', { 'retry-after': 'Infinity' }, undefined],
  ]
  for (const [title, headers, expected] of WAITS) {
    it(`${title}`, () => expect(decode(429, envelope('rate_limit_error'), headers).retryAfterMs).to.equal(expected))
  }
})

describe('anthropic: error, encoded', () => {
  const ROWS: readonly (readonly [kind: ApiErrorKind, status: number, type: string])[] = [
    ['bad-request', 400, 'invalid_request_error'],
    ['context-overflow', 400, 'invalid_request_error'],
    ['content-filtered', 400, 'invalid_request_error'],
    ['unauthorized', 401, 'authentication_error'],
    ['payment-required', 402, 'billing_error'],
    ['forbidden', 403, 'permission_error'],
    ['not-found', 404, 'not_found_error'],
    ['model-not-found', 404, 'not_found_error'],
    ['method-not-allowed', 405, 'invalid_request_error'],
    ['request-timeout', 408, 'timeout_error'],
    ['conflict', 409, 'invalid_request_error'],
    ['too-large', 413, 'request_too_large'],
    ['unsupported-media-type', 415, 'invalid_request_error'],
    ['rate-limited', 429, 'rate_limit_error'],
    ['cancelled', 499, 'api_error'],
    ['internal', 500, 'api_error'],
    ['not-implemented', 501, 'api_error'],
    ['upstream-failed', 502, 'api_error'],
    ['unavailable', 503, 'overloaded_error'],
    ['upstream-timeout', 504, 'timeout_error'],
    ['overloaded', 529, 'overloaded_error'],
  ]
  for (const [kind, status, type] of ROWS) {
    it(`trap 153: ${kind} is ${status} ${type}`, () => {
      const told = encode({ kind })
      expect(told.status).to.equal(status)
      expect(told.body).to.deep.include({ type: 'error', request_id: 'req_1' })
      expect(told.body.error.type).to.equal(type)
      // A documented type that the types of the official client leave out.
      if (hasRecordings && type !== 'request_too_large') expect(loadSchema('error')(told.body)).to.equal(undefined)
    })
  }
  it('X8: a known field is told with what is wrong with it', () => {
    expect(encode({ param: 'messages.0.role', message: 'no' }).body.error.details).to.deep.equal({
      field: 'messages.0.role',
      issue: 'no',
    })
  })
  it('X17: a refused key is told with whose it is', () => {
    expect(encode({ kind: 'unauthorized', source: 'proxy' }).body.error.details).to.deep.equal({ source: 'proxy' })
    expect(encode({ kind: 'unauthorized', source: 'provider' }).body.error.details).to.deep.equal({
      source: 'provider',
    })
    expect(encode({ kind: 'forbidden', source: 'provider' }).body.error).to.not.have.property('details')
  })
  it('trap 152: the wait is told in whole seconds, rounded up', () => {
    expect(encode({ kind: 'rate-limited', retryAfterMs: 1200 }).headers).to.deep.equal({ 'retry-after': '2' })
    expect(encode({}).headers).to.deep.equal({})
  })

  const OVERFLOWS: readonly (readonly [upstream: string, told: string])[] = [
    ['prompt is too long: 205000 tokens > 200000 maximum', 'prompt is too long: 205000 tokens > 200000 maximum'],
    [
      "This model's maximum context length is 128000 tokens. However, your messages resulted in 130500 tokens.",
      'prompt is too long: 130500 tokens > 128000 maximum',
    ],
    [
      "This model's maximum context length is 8192 tokens, however you requested 10000 tokens (9000 in your prompt; 1000 for the completion).",
      'prompt is too long: 10000 tokens > 8192 maximum',
    ],
    [
      'The input token count (1,200,000) exceeds the maximum number of tokens allowed (1,048,576).',
      'prompt is too long: 1200000 tokens > 1048576 maximum',
    ],
    [
      'request (9000 tokens) exceeds the available context size (4096 tokens), try increasing it',
      'prompt is too long: 9000 tokens > 4096 maximum',
    ],
    [
      'Your input exceeds the context window of this model.',
      'prompt is too long: Your input exceeds the context window of this model.',
    ],
    ['Prompt is too long', 'Prompt is too long'],
    ['too long (code 400): limit 200000', 'prompt is too long: too long (code 400): limit 200000'],
    ['', 'prompt is too long: '],
  ]
  for (const [upstream, told] of OVERFLOWS) {
    it(`K28, trap 154: ${JSON.stringify(upstream)} is told in the words that make a client compact`, () => {
      const { status, body } = encode({ kind: 'context-overflow', message: upstream })
      expect(status).to.equal(400)
      expect(body.error).to.deep.equal({ type: 'invalid_request_error', message: told })
    })
  }

  it('what was decoded comes back as it was', () => {
    for (const type of [
      'authentication_error',
      'billing_error',
      'permission_error',
      'rate_limit_error',
      'overloaded_error',
      'timeout_error',
    ]) {
      const told = anthropic.error.encode(decode(400, envelope(type, 'words')), 'req_1') as any
      expect(told.body.error).to.include({ type, message: 'words' })
    }
  })
})
