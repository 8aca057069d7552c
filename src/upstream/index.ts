/** Calls targets, whatever lies between: the network, or this process itself. */
import type { Provider } from '../providers/target.ts'
import type { Upstream } from './upstream.ts'

/** Chooses by the target's provider. */
export function createUpstream(transports: Readonly<Record<Provider['transport'], Upstream>>): Upstream {
  return {
    send: (call, signal) => transports[call.target.provider.transport].send(call, signal),
    async close() {
      await Promise.all(Object.values(transports).map((transport) => transport.close()))
    },
  }
}
