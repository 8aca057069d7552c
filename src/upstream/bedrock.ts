/** Calls Anthropic's models at Amazon Bedrock: HTTP in Amazon's envelope, signed, and its streams unpacked to what the Messages API sends. */
import aws4 from 'aws4'
import { type Invocation, writeInvocation } from '../../protocols/anthropic/bedrock.ts'
import { ApiFailure } from '../../protocols/ir/error.ts'
import { asBuffer } from '../../protocols/json/as-buffer.ts'
import { joinUrl } from '../providers/join-url.ts'
import type { AwsAccount } from './aws-account.ts'
import { unpackEvents } from './bedrock-body.ts'
import type { Upstream, UpstreamCall } from './upstream.ts'

export interface BedrockUpstreamOptions {
  /** Carries the calls; it is closed by whoever made it. */
  readonly http: Upstream
  readonly account: AwsAccount
  readonly now: () => Date
}

const EVENT_STREAM = 'application/vnd.amazon.eventstream'
const JSON_TYPE = 'application/json'
const SERVER_SENT_EVENTS = 'text/event-stream'

/** A key of the provider is one of Bedrock's own, sent as it is; without one, calls are signed in the name of the account. */
export function createBedrockUpstream({ http, account, now }: BedrockUpstreamOptions): Upstream {
  return {
    async send(call, signal) {
      const answer = await http.send(pack(call, account, now()), signal)
      if (!isEventStream(answer.headers['content-type'])) return answer
      const headers = { ...answer.headers, 'content-type': SERVER_SENT_EVENTS }
      return { ...answer, headers, body: unpackEvents(answer.body) }
    },
    close: async () => {},
  }
}

function pack(call: UpstreamCall, account: AwsAccount, now: Date): UpstreamCall {
  const { target, stream, headers } = call
  const { provider } = target
  const body = typeof call.body === 'string' ? Buffer.from(call.body) : call.body
  const invocation = writeInvocation(body, { model: target.model, stream, headers })
  const region = regionOf(provider.baseUrl) ?? account.region
  const baseUrl = provider.baseUrl === '' ? `https://bedrock-runtime.${region}.amazonaws.com` : provider.baseUrl
  const sent = { 'content-type': JSON_TYPE, accept: stream ? EVENT_STREAM : JSON_TYPE }
  const signature = target.key === undefined ? signCall(call, invocation, { baseUrl, region, sent, account, now }) : {}
  return {
    ...call,
    target: { ...target, provider: { ...provider, baseUrl, headers: { ...provider.headers, ...signature } } },
    address: { method: 'POST', path: invocation.path, query: '', headers: sent },
    headers: {},
    body: invocation.body,
  }
}

/** Its endpoints are named for their regions, with those behind a private link; another address is somebody's proxy. */
function regionOf(baseUrl: string): string | undefined {
  return /^https:\/\/(?:[^/]+\.)?bedrock-runtime(?:-fips)?\.([a-z0-9-]+)\./.exec(baseUrl)?.[1]
}

interface SigningContext {
  readonly baseUrl: string
  readonly region: string
  readonly sent: Readonly<Record<string, string>>
  readonly account: AwsAccount
  readonly now: Date
}

/** @throws ApiFailure `unauthorized` when nobody has said who calls. */
function signCall(
  { target }: UpstreamCall,
  { path, body }: Invocation,
  { baseUrl, region, sent, account, now }: SigningContext,
): Record<string, string> {
  if (account.credentials === undefined) {
    throw new ApiFailure({
      kind: 'unauthorized',
      message: `Provider ${target.provider.name} has no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_BEARER_TOKEN_BEDROCK, or api_key.`,
      source: 'proxy',
    })
  }
  const url = new URL(joinUrl(baseUrl, path))
  const date = now.toISOString().replace(/\.\d{3}|[-:]/g, '')
  const signed = aws4.sign(
    {
      service: 'bedrock',
      region,
      host: url.host,
      method: 'POST',
      // Just as it is sent: what lies between must not spell it otherwise.
      path: url.pathname,
      headers: { ...sent, 'X-Amz-Date': date },
      body: asBuffer(body),
    },
    account.credentials,
  )
  const { credentials } = account
  return {
    authorization: String(signed.headers?.['Authorization']),
    'x-amz-date': date,
    ...(credentials.sessionToken === undefined ? {} : { 'x-amz-security-token': credentials.sessionToken }),
  }
}

function isEventStream(contentType: string | undefined): boolean {
  return contentType?.split(';', 1)[0]?.trim().toLowerCase() === EVENT_STREAM
}
