/** What comes of another program's configuration. */
import type { WrittenConfig } from '../written-config.ts'

export interface Imported {
  /** Ours; `${NAME}` in it stands for a variable of the environment. */
  readonly written: WrittenConfig
  /** What could not be carried over, each with its place in the other's file. */
  readonly left: readonly LeftOut[]
}

export interface LeftOut {
  readonly path: string
  /** The rest of a sentence that begins with the path. */
  readonly reason: string
}
