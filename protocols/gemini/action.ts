/** What the path of a call says: which model, and whether its answer is to be streamed. */
import type { WireRequest } from '../codec.ts'
import { expectString, refuse } from '../ir/expect.ts'

const STREAM = 'streamGenerateContent'

/** The last word of an endpoint's path, such as `generateContent`. */
export function actionOf(wire: WireRequest): string {
  const { path } = wire.endpoint
  return path.slice(path.lastIndexOf(':') + 1)
}

export function asksForStream(wire: WireRequest): boolean {
  return actionOf(wire) === STREAM
}

/** Whether the stream is one of server-sent events; else it is one growing JSON array (Q6, trap 29). */
export function asksForEvents(wire: WireRequest | undefined): boolean {
  return wire?.query.get('alt') === 'sse'
}

/** The model stands in the path. Some clients repeat it in the body, where it does not count. */
export function modelOf(wire: WireRequest, body: unknown): string {
  const named = wire.params['model']
  if (named !== undefined && named !== '') return bareName(named)
  const inBody = typeof body === 'object' && body !== null && 'model' in body ? body.model : undefined
  return bareName(expectString(inBody, 'model')) || refuse('model', 'expected a name, got nothing')
}

/** Without the collection in which models lie; tuned ones lie in another, which is part of their name. */
export function bareName(name: string): string {
  return name.startsWith('models/') ? name.slice('models/'.length) : name
}
