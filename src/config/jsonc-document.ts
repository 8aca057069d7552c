/** JSON with comments and trailing commas, and where in the text each value stands. */
import {
  createScanner,
  findNodeAtLocation,
  getNodePath,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser'
import { type ConfigDocument, type JsonPath, MAX_DEPTH, problemAt } from './config-document.ts'
import { ConfigFault, type ConfigProblem } from './config-fault.ts'

/**
 * Reads a text.
 *
 * @param expand turns each string into what it stands for; what it throws becomes a problem at the string's place.
 * @throws ConfigFault for text that is no JSON, is too deep, or has the same key twice in one object.
 */
export function readJsonc(
  file: string,
  text: string,
  expand: (text: string, path: JsonPath) => string,
): ConfigDocument {
  const content = text.startsWith('\u{feff}') ? ` ${text.slice(1)}` : text
  refuseDepth(file, content)
  const errors: ParseError[] = []
  const root = parseTree(content, errors, { allowTrailingComma: true })
  if (root === undefined && errors.length === 0) {
    throw new ConfigFault([problemAt(file, content, 0, '', 'is empty: expected a JSON object')])
  }
  if (root === undefined || errors.length > 0) {
    throw new ConfigFault(
      errors.map((error) => problemAt(file, content, error.offset, '', `is no JSON here: ${describe(error)}`)),
    )
  }

  const problems: ConfigProblem[] = []
  const value = readNode(root)
  if (problems.length > 0) throw new ConfigFault(problems)
  return { value, locate: (path, problem) => locate(root, path, problem) }

  function readNode(node: Node): unknown {
    if (node.type === 'array') return (node.children ?? []).map(readNode)
    if (node.type === 'object') return readObject(node)
    if (typeof node.value !== 'string') return node.value
    try {
      return expand(node.value, getNodePath(node))
    } catch (error) {
      problems.push(problemAt(file, content, node.offset, getNodePath(node).join('.'), messageOf(error)))
      return node.value
    }
  }

  function readObject(node: Node): unknown {
    const object: Record<string, unknown> = Object.create(null)
    for (const { children = [] } of node.children ?? []) {
      const [key, member] = children
      if (key === undefined || member === undefined || typeof key.value !== 'string') continue
      if (Object.hasOwn(object, key.value)) {
        const path = getNodePath(member).join('.')
        problems.push(problemAt(file, content, key.offset, path, 'stands here for the second time'))
      }
      object[key.value] = readNode(member)
    }
    return object
  }

  function locate(tree: Node, path: JsonPath, problem: string): ConfigProblem {
    for (let length = path.length; length >= 0; length -= 1) {
      const node = findNodeAtLocation(tree, path.slice(0, length))
      if (node !== undefined) return problemAt(file, content, node.offset, path.join('.'), problem)
    }
    return { file, path: path.join('.'), problem }
  }
}

/** Scanned before it is parsed: the parser recurses as well. */
function refuseDepth(file: string, text: string): void {
  const scanner = createScanner(text, true)
  let depth = 0
  for (let token: number = scanner.scan(); token !== END_OF_TEXT; token = scanner.scan()) {
    if (token === OPEN_BRACE || token === OPEN_BRACKET) depth += 1
    else if (token === CLOSE_BRACE || token === CLOSE_BRACKET) depth -= 1
    if (depth > MAX_DEPTH) {
      const problem = `is nested more than ${MAX_DEPTH} levels deep here`
      throw new ConfigFault([problemAt(file, text, scanner.getTokenOffset(), '', problem)])
    }
  }
}

/** Values of the scanner's `SyntaxKind`, which is a const enum and so not there at run time. */
const OPEN_BRACE = 1
const CLOSE_BRACE = 2
const OPEN_BRACKET = 3
const CLOSE_BRACKET = 4
const END_OF_TEXT = 17

/** `CloseBraceExpected` becomes `close brace expected`. */
function describe(error: ParseError): string {
  return printParseErrorCode(error.error)
    .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toLowerCase()
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
