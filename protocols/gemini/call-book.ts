/** Which call a result answers: by its id, else by the function's name, else by its place in the order (traps 44, 83; Q68). */

interface Call {
  readonly id: string
  readonly name: string
  readonly turn: number
  answered: boolean
}

export interface CallBook {
  /** A new turn of the model begins. */
  nextTurn(): void
  /** @returns the call's id; where it has none, one made of its place, the same for the same conversation (trap 43). */
  add(name: string, id: string | undefined): string
  /** @returns the call that is answered; one of its own for a result that no call was made for. */
  answer(name: string | undefined, id: string | undefined): { id: string; name?: string }
}

export function createCallBook(): CallBook {
  const calls: Call[] = []
  let turn = 0
  let orphans = 0

  /** The first open call of the latest turn that has one. */
  function findOpen(matches: (call: Call) => boolean): Call | undefined {
    const open = calls.filter((call) => !call.answered && matches(call))
    const latest = open.at(-1)?.turn
    return open.find((call) => call.turn === latest)
  }

  return {
    nextTurn() {
      turn++
    },
    add(name, id) {
      const call = { id: id ?? `call_${calls.length}`, name, turn, answered: false }
      calls.push(call)
      return call.id
    },
    answer(name, id) {
      const found =
        id === undefined
          ? (findOpen((call) => call.name === name) ?? (name === undefined ? findOpen(() => true) : undefined))
          : (findOpen((call) => call.id === id) ?? calls.findLast((call) => call.id === id))
      if (found !== undefined) {
        found.answered = true
        return { id: found.id, name: found.name }
      }
      return { id: id ?? `call_orphan_${orphans++}`, ...(name === undefined ? {} : { name }) }
    },
  }
}
