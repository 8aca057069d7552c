/** Variables of the environment inside the strings of a configuration. */

/** Variables by name; `process.env` is one. */
export type Environment = Readonly<Record<string, string | undefined>>

const REFERENCE = /\$\$\{|\$\{(?:env:)?([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g

/**
 * Replaces each `${NAME}`, anywhere in the text; `${env:NAME}` is the same, and `${NAME:-text}` has a default. What is put in is not
 * looked at again. `$${` stands for `${` itself.
 *
 * @throws Error in the words of a sentence that begins with the field, when a variable is not set: the literal text must never go upstream (A046).
 */
export function expandVariables(text: string, environment: Environment): string {
  return text.replace(REFERENCE, (_, name: string | undefined, fallback: string | undefined) => {
    if (name === undefined) return '${'
    const value = environment[name] ?? fallback
    if (value === undefined) throw new Error(`names the environment variable ${name}, which is not set`)
    return value
  })
}

/** @returns a text that `expandVariables` makes this one of, whatever the environment is. */
export function escapeVariables(text: string): string {
  return text.replaceAll('${', '$$$${')
}
