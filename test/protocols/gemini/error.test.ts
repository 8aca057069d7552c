import { expect } from 'chai'
import { gemini } from '../../../protocols/gemini/index.ts'
import type { ApiErrorKind } from '../../../protocols/ir/error.ts'
import { hasRecordings, loadSchema } from './recordings.ts'

const decode = (status: number, error: object, headers = {}) =>
  gemini.error.decode(status, headers, JSON.stringify({ error }))
const info = (type: string, more: object) => ({ '@type': `type.googleapis.com/google.rpc.${type}`, ...more })

describe('gemini: errors of a back end', () => {
  const ROWS: readonly (readonly [number, string, string, ApiErrorKind])[] = [
    [400, 'INVALID_ARGUMENT', 'Wrong.', 'bad-request'],
    [400, 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.', 'unauthorized'],
    [
      400,
      'INVALID_ARGUMENT',
      'The input token count (1250074) exceeds the maximum number of tokens allowed (1048576).',
      'context-overflow',
    ],
    [400, 'FAILED_PRECONDITION', 'User location is not supported.', 'bad-request'],
    [401, 'UNAUTHENTICATED', 'No.', 'unauthorized'],
    [403, 'PERMISSION_DENIED', 'No.', 'forbidden'],
    [404, 'NOT_FOUND', 'models/x is not found for API version v1beta.', 'model-not-found'],
    [404, 'NOT_FOUND', 'Nothing here.', 'not-found'],
    [409, 'ABORTED', 'Again.', 'conflict'],
    [429, 'RESOURCE_EXHAUSTED', 'Slow down.', 'rate-limited'],
    [499, 'CANCELLED', 'Gone.', 'cancelled'],
    [500, 'INTERNAL', 'Oh.', 'upstream-failed'],
    [501, 'UNIMPLEMENTED', 'No.', 'not-implemented'],
    [503, 'UNAVAILABLE', 'The model is overloaded. Please try again later.', 'overloaded'],
    [503, 'UNAVAILABLE', 'Maintenance.', 'unavailable'],
    [504, 'DEADLINE_EXCEEDED', 'Too slow.', 'upstream-timeout'],
    [418, 'WORD_OF_TOMORROW', 'Tea.', 'bad-request'],
    [599, 'WORD_OF_TOMORROW', 'Tea.', 'upstream-failed'],
  ]
  for (const [code, status, message, kind] of ROWS) {
    it(`${code} ${status} "${message}" is ${kind}`, () => {
      expect(decode(code, { code, status, message })).to.include({
        kind,
        message,
        code: status,
        status: code,
        source: 'provider',
      })
    })
  }

  it('Q39: a bad key is told by a detail', () => {
    const details = [info('ErrorInfo', { reason: 'API_KEY_INVALID' })]
    expect(decode(400, { code: 400, status: 'INVALID_ARGUMENT', message: 'x', details }).kind).to.equal('unauthorized')
  })

  it('Q39: the wait stands in the details, and only else in a header', () => {
    const details = [info('QuotaFailure', {}), info('RetryInfo', { retryDelay: '34.4s' })]
    const told = { code: 429, status: 'RESOURCE_EXHAUSTED', message: 'x' }
    expect(decode(429, { ...told, details }, { 'retry-after': '1' }).retryAfterMs).to.equal(34_400)
    expect(decode(429, told, { 'retry-after': '7' }).retryAfterMs).to.equal(7000)
    expect(decode(429, { ...told, details: [info('RetryInfo', { retryDelay: 'soon' })] }).retryAfterMs).to.equal(
      undefined,
    )
  })

  it('trap 27: pages of proxies, lists, other envelopes, nothing', () => {
    const page = gemini.error.decode(502, { 'content-type': 'text/html' }, '<html>')
    expect(page).to.deep.include({ kind: 'upstream-failed', message: 'The provider answered 502 (text/html)' })
    expect(
      gemini.error.decode(429, {}, '[{"error":{"code":429,"message":"Slow.","status":"RESOURCE_EXHAUSTED"}}]'),
    ).to.include({ kind: 'rate-limited', message: 'Slow.' })
    expect(gemini.error.decode(401, {}, '{"error":"no key"}')).to.include({ kind: 'unauthorized', message: 'no key' })
    expect(gemini.error.decode(401, {}, '{"message":"no key"}').message).to.equal('no key')
    expect(gemini.error.decode(503, {}, '').kind).to.equal('unavailable')
    expect(gemini.error.decode(500, {}, 'null').message).to.contain('500')
  })
})

describe('gemini: errors for a client', () => {
  const STATUS: Record<ApiErrorKind, readonly [number, string]> = {
    'bad-request': [400, 'INVALID_ARGUMENT'],
    'context-overflow': [400, 'INVALID_ARGUMENT'],
    'content-filtered': [400, 'FAILED_PRECONDITION'],
    unauthorized: [401, 'UNAUTHENTICATED'],
    'payment-required': [402, 'FAILED_PRECONDITION'],
    forbidden: [403, 'PERMISSION_DENIED'],
    'not-found': [404, 'NOT_FOUND'],
    'model-not-found': [404, 'NOT_FOUND'],
    'method-not-allowed': [405, 'UNIMPLEMENTED'],
    'request-timeout': [408, 'DEADLINE_EXCEEDED'],
    conflict: [409, 'ABORTED'],
    'too-large': [413, 'INVALID_ARGUMENT'],
    'unsupported-media-type': [415, 'INVALID_ARGUMENT'],
    'rate-limited': [429, 'RESOURCE_EXHAUSTED'],
    cancelled: [499, 'CANCELLED'],
    internal: [500, 'INTERNAL'],
    'not-implemented': [501, 'UNIMPLEMENTED'],
    'upstream-failed': [502, 'INTERNAL'],
    unavailable: [503, 'UNAVAILABLE'],
    'upstream-timeout': [504, 'DEADLINE_EXCEEDED'],
    overloaded: [503, 'UNAVAILABLE'],
  }
  for (const [kind, [code, word]] of Object.entries(STATUS) as [ApiErrorKind, readonly [number, string]][]) {
    it(`lesson 24: ${kind} is ${code} ${word}`, () => {
      const { status, body } = gemini.error.encode({ kind, message: 'Why.' }, 'r1')
      expect(status).to.equal(code)
      expect((body as any).error).to.include({ code, status: word })
      if (hasRecordings) expect(loadSchema('error')(body)).to.equal(undefined)
    })
  }

  it('the field, the wait and the request are told in details, the wait in a header too', () => {
    const { headers, body } = gemini.error.encode(
      { kind: 'rate-limited', message: 'Slow.', param: 'contents', retryAfterMs: 1500 },
      'r1',
    )
    expect(headers).to.deep.equal({ 'retry-after': '2' })
    expect((body as any).error.details).to.deep.equal([
      info('BadRequest', { fieldViolations: [{ field: 'contents', description: 'Slow.' }] }),
      info('RetryInfo', { retryDelay: '1.5s' }),
      info('RequestInfo', { requestId: 'r1' }),
    ])
  })

  it('trap 154: too long a prompt is said in the API’s words, with both numbers', () => {
    const say = (message: string) =>
      (gemini.error.encode({ kind: 'context-overflow', message }, 'r1').body as any).error.message
    expect(say('prompt is too long: 210000 tokens > 200000 maximum')).to.match(/prompt is too long/)
    expect(say("This model's maximum context length is 8192 tokens, but 9000 were given.")).to.equal(
      'The input token count (9000) exceeds the maximum number of tokens allowed (8192).',
    )
    expect(say('Too much.')).to.equal('The input token count exceeds the maximum number of tokens allowed: Too much.')
  })
})
