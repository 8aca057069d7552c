/** A configuration from outside must not learn what the environment of the gateway holds. */
import { expandText } from '../expand-text.ts'
import type { LeftOut } from './imported.ts'

/** @returns the same without the texts that name variables, and where these stood. */
export function leaveVariablesOut(value: unknown): { readonly value: unknown; readonly left: readonly LeftOut[] } {
  const left: LeftOut[] = []
  return { value: visit(value, []), left }

  function visit(part: unknown, path: readonly string[]): unknown {
    if (typeof part !== 'object' || part === null) return part
    const members = Object.entries(part).filter(([name, member]) => {
      const stays = typeof member !== 'string' || !namesVariable(member, [...path, name])
      if (!stays) {
        const reason = 'names a variable of the environment, which is read for the config file only'
        left.push({ path: [...path, name].join('.'), reason })
      }
      return stays
    })
    const kept = members.map(([name, member]) => [name, visit(member, [...path, name])] as const)
    return Array.isArray(part) ? kept.map(([, member]) => member) : Object.fromEntries(kept)
  }
}

function namesVariable(text: string, path: readonly string[]): boolean {
  try {
    expandText(text, path, {})
    return false
  } catch {
    return true
  }
}
