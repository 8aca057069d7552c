/** Which call a tool's answer belongs to, in a protocol in which often neither bears an id. */
import type { ToolCallPart } from '../ir/part.ts'

export interface Pairing {
  /** A turn of the model: answers belong to its calls from here on. */
  begin(calls: readonly ToolCallPart[]): void
  /**
   * The call that is answered: the one with this id, else the first of this name that has no answer yet, else, where
   * no name is told, the first without an answer (K72).
   */
  find(id: string | undefined, name: string | undefined): ToolCallPart | undefined
}

export function createPairing(): Pairing {
  let open: ToolCallPart[] = []
  return {
    begin(calls) {
      open = [...calls]
    },
    find(id, name) {
      const isMeant = (call: ToolCallPart) =>
        id === undefined ? name === undefined || call.name === name : call.id === id
      const place = open.findIndex(isMeant)
      return place < 0 ? undefined : open.splice(place, 1)[0]
    },
  }
}
