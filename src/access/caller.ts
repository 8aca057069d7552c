/** Who calls, and what that opens. */

export interface Caller {
  /** What to call it in logs and to people; never the key. */
  readonly name: string
  /** Whether the management API is open to it. */
  readonly isAdmin: boolean
  /** Names of the groups that it may use, in lower case; absent: all. */
  readonly groups?: ReadonlySet<string>
}

/** Whoever calls a gateway that asks nobody for a key: the guard lets programs of this machine pass only. */
export const ANYBODY: Caller = { name: '', isAdmin: true }

/** @param group in any case, as paths may write it. */
export function mayUse({ groups }: Caller, group: string): boolean {
  return groups === undefined || groups.has(group.toLowerCase())
}
