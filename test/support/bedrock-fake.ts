/** Amazon Bedrock's InvokeModel for Anthropic's models, written by hand after its pages: it signs again what it was sent, and frames its streams. */
import { createHash, createHmac } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { anthropicBody, anthropicFrames } from './anthropic-fake.ts'
import type { Answerer, RecordedRequest, Script } from './fake-provider.ts'
import type { Said } from './said.ts'

export const AWS_VARIABLES = {
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  AWS_SESSION_TOKEN: 'session/token==',
  AWS_REGION: 'eu-central-1',
}

/** Answers what was said, plain or streamed as the path asks for it; what is not signed as it should be is refused. */
export function bedrockAnswerer(said: Said, variables: typeof AWS_VARIABLES = AWS_VARIABLES): Answerer {
  return (request) => {
    const problem = findFlaw(request, variables)
    if (problem !== undefined) return bedrockError(403, 'InvalidSignatureException', problem)
    return request.path.endsWith('/invoke-with-response-stream') ? bedrockStream(said) : bedrockAnswer(said)
  }
}

export function bedrockAnswer(said: Said): Script {
  return { kind: 'answer', headers: { 'x-amzn-bedrock-input-token-count': '5' }, body: anthropicBody(said) }
}

export function bedrockStream(said: Said): Script {
  return {
    kind: 'stream',
    headers: { 'content-type': 'application/vnd.amazon.eventstream' },
    steps: bedrockMessages(said),
  }
}

/** Pings do not occur there. */
export function bedrockMessages(said: Said): Buffer[] {
  return anthropicFrames(said)
    .filter((frame) => !frame.startsWith('event: ping'))
    .map((frame) => packEvent(JSON.parse(frame.slice(frame.indexOf('data: ') + 6))))
}

/** Events are padded to hide how long they are. */
export function packEvent(event: object): Buffer {
  const bytes = Buffer.from(JSON.stringify(event)).toString('base64')
  return packMessage(
    { ':event-type': 'chunk', ':content-type': 'application/json', ':message-type': 'event' },
    JSON.stringify({ bytes, p: 'abcdefghijkl' }),
  )
}

export function packException(type: string, message: string): Buffer {
  return packMessage(
    { ':exception-type': type, ':content-type': 'application/json', ':message-type': 'exception' },
    JSON.stringify({ message }),
  )
}

export function bedrockError(status: number, type: string, message: string): Script {
  return {
    kind: 'answer',
    status,
    headers: { 'x-amzn-errortype': `${type}:http://internal.amazon.com/` },
    body: { message },
  }
}

export function packMessage(headers: Readonly<Record<string, string>>, payload: string): Buffer {
  const head = Buffer.concat(
    Object.entries(headers).map(([name, value]) => {
      const length = Buffer.alloc(2)
      length.writeUInt16BE(Buffer.byteLength(value))
      return Buffer.concat([
        Buffer.from([name.length]),
        Buffer.from(name),
        Buffer.from([7]),
        length,
        Buffer.from(value),
      ])
    }),
  )
  const body = Buffer.from(payload)
  const prelude = Buffer.alloc(12)
  prelude.writeUInt32BE(12 + head.length + body.length + 4, 0)
  prelude.writeUInt32BE(head.length, 4)
  prelude.writeUInt32BE(crc32(prelude.subarray(0, 8)), 8)
  const sum = Buffer.alloc(4)
  const all = Buffer.concat([prelude, head, body])
  sum.writeUInt32BE(crc32(all))
  return Buffer.concat([all, sum])
}

/**
 * What is wrong with the signature of a request; nothing when it is as it should be.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function findFlaw(request: RecordedRequest, variables: typeof AWS_VARIABLES): string | undefined {
  const told = /^AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
    request.headers['authorization'] ?? '',
  )
  if (told === null) return 'The request is not signed.'
  const [, credential = '', signedHeaders = '', signature] = told
  const [keyId, day = '', region = '', service = '', end = ''] = credential.split('/')
  const date = request.headers['x-amz-date'] ?? ''
  if (keyId !== variables.AWS_ACCESS_KEY_ID) return 'The security token included in the request is invalid.'
  if (region !== variables.AWS_REGION || service !== 'bedrock' || end !== 'aws4_request' || !date.startsWith(day))
    return `Credential should be scoped otherwise than ${credential}.`
  if (request.headers['x-amz-security-token'] !== variables.AWS_SESSION_TOKEN) return 'The session token is missing.'
  for (const name of ['host', 'x-amz-date', 'x-amz-security-token']) {
    if (!signedHeaders.split(';').includes(name)) return `The header ${name} is not signed.`
  }
  const [path = '', query = ''] = request.path.split('?')
  const canonical = [
    request.method,
    path.split('/').map(escapeAgain).join('/'),
    query,
    ...signedHeaders.split(';').map((name) => `${name}:${(request.headers[name] ?? '').trim().replace(/ +/g, ' ')}`),
    '',
    signedHeaders,
    createHash('sha256').update(request.body).digest('hex'),
  ].join('\n')
  const scope = [day, region, service, end].join('/')
  const text = ['AWS4-HMAC-SHA256', date, scope, createHash('sha256').update(canonical).digest('hex')].join('\n')
  const key = [day, region, service, end].reduce<Buffer>(
    (from, part) => createHmac('sha256', from).update(part).digest(),
    Buffer.from(`AWS4${variables.AWS_SECRET_ACCESS_KEY}`),
  )
  const expected = createHmac('sha256', key).update(text).digest('hex')
  return expected === signature ? undefined : 'The request signature we calculated does not match the one you provided.'
}

/** A path that was escaped for HTTP is escaped once more for its signature. */
function escapeAgain(segment: string): string {
  return encodeURIComponent(segment).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
}
