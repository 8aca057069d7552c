/** Listens to a connection from its first message on, for somebody who is only known when it is open. */
import type { ConnectionListener } from './upstream/connection.ts'

export interface LateListener {
  readonly listener: ConnectionListener
  /** Hands over what came so far, and everything that comes. */
  attach(to: ConnectionListener): void
}

export function createLateListener(): LateListener {
  let target: ConnectionListener | undefined
  const waiting: ((to: ConnectionListener) => void)[] = []
  const tell = (what: (to: ConnectionListener) => void): void => {
    if (target === undefined) waiting.push(what)
    else what(target)
  }
  return {
    listener: {
      message: (message, relatedTo) => tell((to) => to.message(message, relatedTo)),
      failed: (id, failure) => tell((to) => to.failed(id, failure)),
      closed: (failure) => tell((to) => to.closed(failure)),
    },
    attach(to) {
      target = to
      for (const what of waiting.splice(0)) what(to)
    },
  }
}
