/** What the log tells of an exchange. */
import type { Exchange } from './exchange.ts'

/** Flat, in the words of the headers and the API; no content, no key, no address. */
export function describeExchange(exchange: Exchange): Readonly<Record<string, unknown>> {
  const { record, response } = exchange
  const { usage, error, target, resolution } = record
  return {
    request_id: exchange.id,
    protocol: exchange.codec.name,
    operation: exchange.wire.endpoint.operation,
    group: resolution?.group.name ?? exchange.group,
    caller: exchange.caller.name === '' ? undefined : exchange.caller.name,
    compat: exchange.compat,
    asked_model: record.glance?.model,
    stream: record.glance?.stream,
    rule: resolution?.rule,
    route: resolution?.title,
    provider: target?.provider.name,
    model: target?.model,
    road: record.road,
    attempts: record.attempts,
    status: response.headersSent ? response.statusCode : undefined,
    duration_ms: Math.round(performance.now() - exchange.startedAt),
    first_byte_ms: record.firstByteMs === undefined ? undefined : Math.round(record.firstByteMs),
    input_tokens: usage?.inputTokens,
    output_tokens: usage?.outputTokens,
    estimated: usage?.estimated,
    failures: record.failures.length === 0 ? undefined : record.failures.map(describeFailure),
    losses: record.losses.length === 0 ? undefined : record.losses,
    error: error === undefined ? undefined : { kind: error.kind, message: error.message, source: error.source },
  }
}

/** A target that was tried in vain, and why. */
export function describeFailure({ provider, model, error }: Exchange['record']['failures'][number]): object {
  return { provider, model, kind: error.kind, message: error.message }
}
