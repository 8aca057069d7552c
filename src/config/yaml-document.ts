/** YAML 1.2, and where in the text each value stands. */
import {
  type Alias,
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  parseDocument,
  YAMLParseError,
} from 'yaml'
import { type ConfigDocument, type JsonPath, MAX_DEPTH, problemAt } from './config-document.ts'
import { ConfigFault, type ConfigProblem } from './config-fault.ts'

/** Aliases of aliases make more of a small file than a machine can hold. */
const MAX_ALIASES = 10_000

/**
 * Reads a text: one document, of what JSON has too. Aliases (`*name`) stand for what they point to.
 *
 * @param expand turns each string into what it stands for; what it throws becomes a problem at the string's place.
 * @throws ConfigFault for text that is no YAML, is too deep, or has the same key twice in one object.
 */
export function readYaml(file: string, text: string, expand: (text: string, path: JsonPath) => string): ConfigDocument {
  const document = parse(file, text)
  const [fault] = [...document.errors, ...document.warnings]
  // What comes after the first is mostly what follows from it.
  if (fault !== undefined) {
    throw new ConfigFault([problemAt(file, text, fault.pos[0], '', describe(fault))])
  }
  if (!isNode(document.contents) || (isScalar(document.contents) && document.contents.value === null)) {
    throw new ConfigFault([problemAt(file, text, 0, '', 'is empty: expected an object')])
  }

  const problems: ConfigProblem[] = []
  let aliases = 0
  const value = readNode(document.contents, [])
  if (problems.length > 0) throw new ConfigFault(problems)
  return { value, locate }

  function readNode(given: unknown, path: JsonPath): unknown {
    const node = isAlias(given) ? follow(given) : given
    if (path.length > MAX_DEPTH) refuse(node, `is nested more than ${MAX_DEPTH} levels deep here`)
    if (isSeq(node)) return node.items.map((item, index) => readNode(item, [...path, index]))
    if (isMap(node)) return readMap(node.items, path)
    if (!isScalar(node)) return null
    if (typeof node.value === 'string') return expandAt(node, node.value, path)
    if (typeof node.value === 'object' && node.value !== null) refuse(node, 'has a value here that JSON has not')
    return node.value
  }

  function follow(alias: Alias): unknown {
    aliases += 1
    if (aliases > MAX_ALIASES) refuse(alias, 'says too much: its aliases multiply')
    return alias.resolve(document) ?? refuse(alias, 'points to a name here that there is not')
  }

  function readMap(pairs: readonly unknown[], path: JsonPath): unknown {
    const object: Record<string, unknown> = Object.create(null)
    for (const pair of pairs) {
      if (!isPair(pair)) continue
      const key = isAlias(pair.key) ? pair.key.resolve(document) : pair.key
      if (isCollection(key)) problems.push(placeOf(key, path, 'has a key here that is no text'))
      else object[nameOf(key)] = readNode(pair.value, [...path, nameOf(key)])
    }
    return object
  }

  function expandAt(node: unknown, written: string, path: JsonPath): string {
    try {
      return expand(written, path)
    } catch (error) {
      problems.push(placeOf(node, path, error instanceof Error ? error.message : String(error)))
      return written
    }
  }

  function refuse(node: unknown, problem: string): never {
    throw new ConfigFault([placeOf(node, [], problem)])
  }

  function placeOf(node: unknown, path: JsonPath, problem: string): ConfigProblem {
    return problemAt(file, text, isNode(node) ? (node.range?.[0] ?? 0) : 0, path.join('.'), problem)
  }

  function locate(path: JsonPath, problem: string): ConfigProblem {
    for (let length = path.length; length > 0; length -= 1) {
      const node = findNode(document, path.slice(0, length))
      if (isNode(node)) return placeOf(node, path, problem)
    }
    return placeOf(document.contents, path, problem)
  }
}

function parse(file: string, text: string): Document {
  try {
    return parseDocument(text, { version: '1.2', schema: 'core', prettyErrors: false, logLevel: 'error' })
  } catch (error) {
    throw new ConfigFault([{ file, path: '', problem: describe(error) }], { cause: error })
  }
}

/** In the library's words, but for what it says of itself. */
function describe(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  if (/call stack/i.test(message)) return 'is nested too deep here'
  if (error instanceof YAMLParseError && error.code === 'MULTIPLE_DOCS') return 'holds a second document here'
  return `is no YAML here: ${message.charAt(0).toLowerCase()}${message.slice(1)}`
}

/** Follows aliases on the way, as the file's own names do. */
function findNode(document: Document, path: JsonPath): unknown {
  let node: unknown = document.contents
  for (const step of path) {
    const place = isAlias(node) ? node.resolve(document) : node
    if (isSeq(place)) node = place.items[Number(step)]
    else if (isMap(place)) node = place.items.find((pair) => nameOf(pair.key) === String(step))?.value
    else return undefined
  }
  return node
}

function nameOf(key: unknown): string {
  return isScalar(key) ? String(key.source ?? key.value) : String(key)
}
