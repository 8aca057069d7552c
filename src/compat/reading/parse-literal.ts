import type { Literal } from './literal.ts'
import { readLiteral } from './read-literal.ts'
import { Source } from './source.ts'
import { JSON_SYNTAX, PYTHON_SYNTAX, type Syntax } from './syntax.ts'

/**
 * The value that a text is, in JSON or in Python; nothing when something else stands in it, too.
 *
 * @param bare texts without quotes are taken for texts.
 */
export function parseLiteral(text: string, bare = true): Literal | undefined {
  return parseIn(text, { ...JSON_SYNTAX, bare }) ?? parseIn(text, { ...PYTHON_SYNTAX, bare })
}

function parseIn(text: string, syntax: Syntax): Literal | undefined {
  const source = new Source()
  source.push(text)
  source.end()
  const { done, value } = readLiteral(source, syntax, 'alone')[Symbol.iterator]().next()
  return done === true && source.text.slice(source.at).trim() === '' ? value : undefined
}
