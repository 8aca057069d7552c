/** Values of `Mcp-Name` and `Mcp-Param-*`: plain, or Base64 of UTF-8 in a wrapping (M29). */
import { RPC, RpcFailure } from '../rpc-failure.ts'

const WRAPPED = /^=\?base64\?(.*)\?=$/s
/** Node reads broken Base64 without a word. */
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** @throws RpcFailure `-32020`, 400, when the wrapping holds no Base64. */
export function decodeHeader(name: string, value: string): string {
  const trimmed = value.trim()
  const wrapped = WRAPPED.exec(trimmed)?.[1]
  if (wrapped === undefined) return trimmed
  if (!BASE64.test(wrapped)) throw headerMismatch(`${name} is not valid Base64.`)
  return Buffer.from(wrapped, 'base64').toString('utf8')
}

export function headerMismatch(message: string): RpcFailure {
  return new RpcFailure(RPC.headerMismatch, message, { status: 400 })
}
