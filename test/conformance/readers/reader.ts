/** What a back end was sent, read by hand after its vendor's reference and by nobody's codec, into neutral words. */
import type { Ask } from '../ask.ts'

/** A request as it came; `any`, for a reader believes nothing and tests say what is wrong. */
export interface Came {
  readonly json: any
  readonly path: string
}

export interface Reader {
  readonly protocol: string
  read(came: Came): Ask & { readonly stream: boolean }
  /** Every name of a member that the protocol's requests may have; others were let through untranslated. */
  readonly names: ReadonlySet<string>
  /** Members below which the names are the user's own: schemas, arguments. */
  readonly open: ReadonlySet<string>
}

/** Names as one text, to be looked over as a list. */
export function namesOf(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/).filter((name) => name !== ''))
}
