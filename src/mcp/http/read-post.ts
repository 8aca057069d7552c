/** Reads the messages of one POST. */
import type { BodyLimits } from '../../http/body.ts'
import { readBody } from '../../http/body.ts'
import type { JsonRpcMessage } from '../json-rpc.ts'
import { isMessage } from '../message-kind.ts'
import { type ReadMessages, readMessages } from '../read-messages.ts'
import type { HubRequest } from './hub-request.ts'
import { httpFailure } from './refuse.ts'

/** @throws RpcFailure 415 or 400, ApiFailure where the body is too large, too slow or gone. */
export async function readPost({ request, response }: HubRequest, limits: BodyLimits): Promise<ReadMessages> {
  const type = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase()
  if (type !== 'application/json') throw httpFailure(415, 'Send messages as application/json.')
  const gone = new AbortController()
  return readMessages(await readBody(request, response, limits, gone.signal))
}

/** All messages of a POST, one or many. */
export function messagesOf(read: ReadMessages): readonly JsonRpcMessage[] {
  return read.batch ? read.messages.filter(isMessage) : [read.message]
}

/** Whether an Accept header takes all of these types. */
export function accepts(header: string | undefined, types: readonly string[]): boolean {
  const ranges = (header ?? '').split(',').map((range) => range.split(';', 1)[0]?.trim().toLowerCase() ?? '')
  return types.every((type) =>
    ranges.some((range) => range === type || range === '*/*' || range === `${type.split('/')[0]}/*`),
  )
}
