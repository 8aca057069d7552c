/** Whether a request was made by a program of this machine, as far as that can be told. */
import type { IncomingMessage } from 'node:http'
import { BlockList } from 'node:net'

const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4')
LOOPBACK.addAddress('::1', 'ipv6')

/** A proxy in front is of this machine too, but whoever stands behind it need not be. */
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via']

export function isFromThisMachine({ socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>): boolean {
  if (FORWARDED.some((name) => headers[name] !== undefined)) return false
  const { remoteAddress } = socket
  // A Unix socket has none.
  if (remoteAddress === undefined) return true
  return LOOPBACK.check(remoteAddress, remoteAddress.includes(':') ? 'ipv6' : 'ipv4')
}
