/** Keeps a request away from models that cannot take what it holds. */
import type { Glance } from '../../protocols/codec.ts'
import { ApiFailure } from '../../protocols/ir/error.ts'
import type { RouteTarget } from './route.ts'

type Need = keyof Glance['needs']

const NEEDS: Readonly<Record<Need, string>> = {
  tools: 'call tools',
  images: 'take images',
  audio: 'take audio',
  files: 'take files',
}

/** Whether tools need a model that has them: `preferred` where any model can be taught to call them if none has. */
export type ToolGate = 'needed' | 'preferred' | 'any'

/** What a request needs and a target is known not to do, in words: `call tools`. */
export function listMissing({ facts }: RouteTarget, needs: Glance['needs']): readonly string[] {
  const missing = (Object.keys(NEEDS) as Need[]).filter((need) => needs[need] && facts.capabilities?.[need] === false)
  return missing.map((need) => NEEDS[need])
}

/**
 * The targets of which nothing is known that speaks against the request (trap 157); a capability that nobody knows is tried.
 *
 * @param title the route, for the message.
 * @throws ApiFailure `bad-request` when none is left.
 */
export function selectCapable(
  title: string,
  targets: readonly RouteTarget[],
  needs: Glance['needs'],
  tools: ToolGate = 'needed',
): readonly RouteTarget[] {
  const needed = (Object.keys(NEEDS) as Need[]).filter((need) => needs[need] && !(need === 'tools' && tools === 'any'))
  if (needed.length === 0) return targets
  const capable = targets.filter((target) => needed.every((need) => target.facts.capabilities?.[need] !== false))
  if (capable.length > 0) return capable
  if (tools === 'preferred' && needs.tools) return selectCapable(title, targets, needs, 'any')
  const [first] = targets
  const missing = first === undefined ? [] : listMissing(first, needs)
  throw new ApiFailure({
    kind: 'bad-request',
    message: `The request cannot be served by ${title}: ${first?.served.provider.name}/${first?.model} cannot ${missing.join(' and ')}${
      targets.length > 1 ? ', and none of its other targets can do all that is asked' : ''
    }.`,
    param: 'model',
    source: 'proxy',
  })
}
