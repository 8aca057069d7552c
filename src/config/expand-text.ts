/** Variables in a text of the configuration, in the ways that are read at its place. */
import { type Environment, escapeVariables, expandVariables } from './expand-variables.ts'

type Path = readonly (string | number)[]

/** `$NAME`, alone or after a blank, as Gemini CLI writes it; further dollars before it make it a text. */
const BARE = /(?<=^|\s)(\$+)([A-Z_][A-Z0-9_]*)$/

/**
 * `${NAME}` everywhere, and `$NAME` in `env` and `headers` of MCP servers (M89): elsewhere it may be a price or a pattern.
 *
 * @throws Error as `expandVariables`.
 */
export function expandText(text: string, path: Path, environment: Environment): string {
  const bare = takesBareNames(path) ? BARE.exec(text) : null
  if (bare === null) return expandVariables(text, environment)
  const [, dollars = '', name = ''] = bare
  const tail = dollars === '$' ? expandVariables(`\${${name}}`, environment) : `${dollars.slice(1)}${name}`
  return `${expandVariables(text.slice(0, bare.index), environment)}${tail}`
}

/** @returns a text that `expandText` makes this one of, whatever the environment is. */
export function escapeText(text: string, path: Path): string {
  const escaped = escapeVariables(text)
  return takesBareNames(path) ? escaped.replace(BARE, '$$$1$2') : escaped
}

function takesBareNames([family, , field, name]: Path): boolean {
  return (
    (family === 'mcpServers' || family === 'servers') && (field === 'env' || field === 'headers') && name !== undefined
  )
}
