/** Why the database cannot be used, told to the person who starts the program. */

export type StoreFaultKind =
  /** It is no SQLite file, or one without content. */
  | 'not-a-database'
  /** It is the database of another program. */
  | 'foreign'
  | 'corrupt'
  /** A later version of this program has written it. */
  | 'newer'
  /** Another process holds it. */
  | 'locked'
  /** It, or the folder in which it lies, cannot be read or written. */
  | 'inaccessible'
  /** The key that opens its secrets is missing, or another one. */
  | 'secret-key'
  /** The folder of migrations or one of its files is wrong. */
  | 'migration'

/** The message says which file, what is wrong with it and what to do about it; nothing was written to it. */
export class StoreFault extends Error {
  readonly kind: StoreFaultKind

  constructor(kind: StoreFaultKind, message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.name = 'StoreFault'
    this.kind = kind
  }
}
