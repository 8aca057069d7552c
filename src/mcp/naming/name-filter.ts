/** Which tools of a server are served. */
import { compileGlob } from '../../registry/globs.ts'
import { NAME_SEPARATOR } from './exposed-name.ts'

/** Patterns with `*` and `?`. With `__` in it a pattern is compared with `server__tool`, otherwise with the tool's own name. */
export interface NameRules {
  /** Absent: all. An empty list allows nothing. */
  readonly allow?: readonly string[]
  /** Goes before `allow`. */
  readonly deny?: readonly string[]
}

export type NameFilter = (server: string, name: string) => boolean

/** @returns whether a tool is served; compiled once. */
export function compileNameRules({ allow, deny = [] }: NameRules): NameFilter {
  const isDenied = compileAny(deny)
  const isAllowed = allow === undefined ? () => true : compileAny(allow)
  return (server, name) => isAllowed(server, name) && !isDenied(server, name)
}

function compileAny(patterns: readonly string[]): NameFilter {
  const globs = patterns.map((pattern) => ({ ofBoth: pattern.includes(NAME_SEPARATOR), glob: compileGlob(pattern) }))
  return (server, name) =>
    globs.some(
      ({ ofBoth, glob }) => glob.matches(name) || (ofBoth && glob.matches(`${server}${NAME_SEPARATOR}${name}`)),
    )
}
