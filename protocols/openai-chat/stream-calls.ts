/** Which call a piece of a streamed call belongs to: vendors number, name and repeat them differently (Q20, Q21). */

/** What a piece says of itself; empty where it says nothing. */
export interface CallPiece {
  readonly index: number | undefined
  readonly id: string
  readonly name: string
}

export interface KnownCall {
  /** Number of the part that it is. */
  readonly part: number
  id: string
  name: string
  /** Some of its arguments have come. */
  hasArguments: boolean
}

export interface CallTable {
  /** The call that this piece goes on with; nothing when it begins another. */
  find(piece: CallPiece): KnownCall | undefined
  add(piece: CallPiece, part: number): KnownCall
}

export function createCallTable(): CallTable {
  const byIndex = new Map<number, KnownCall>()
  const byId = new Map<string, KnownCall>()
  let last: KnownCall | undefined

  return {
    find({ index, id, name }) {
      if (index === undefined) {
        if (id !== '') return byId.get(id)
        return name !== '' && last?.hasArguments === true ? undefined : last
      }
      const known = byIndex.get(index)
      if (known === undefined) return undefined
      // Some number all their calls 0 (trap 30): another id, or without ids another name, is another call.
      if (id !== '' && known.id !== '') return id === known.id ? known : byId.get(id)
      const isAnother = id === '' && known.id === '' && name !== '' && known.name !== '' && known.hasArguments
      return isAnother ? undefined : known
    },
    add({ index, id, name }, part) {
      const call: KnownCall = { part, id, name, hasArguments: false }
      if (index !== undefined) byIndex.set(index, call)
      if (id !== '') byId.set(id, call)
      last = call
      return call
    },
  }
}
