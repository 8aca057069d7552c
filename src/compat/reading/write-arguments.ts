/** Writes the arguments of one call as JSON text, member by member, as they are read. */
import { coerce, coerceText } from '../tools/coerce.ts'
import type { OfferedTool } from '../tools/tool-book.ts'
import type { CallHead, CallSink } from './desk.ts'
import { escapeJson } from './escape-json.ts'
import { type Literal, writeLiteral } from './literal.ts'
import { parseLiteral } from './parse-literal.ts'
import { rememberNames } from './remember-names.ts'

/** One parameter of such a name, which the tool does not have, holds all the arguments. */
const ENVELOPES: ReadonlySet<string> = new Set(['arguments', 'parameters', 'input', 'args'])

const writeKey = rememberNames((name) => `"${escapeJson(name)}":`)

/** No tool has more parameters; a model may write any number of names. */
const MAX_WRITTEN = 10_000

/** A class and no closures: one is made for every call. */
export class ArgumentsWriter {
  readonly tool: OfferedTool
  readonly #calls: CallSink
  readonly #written: string[] = []
  /** The same, made when somebody asks for it, which hardly anybody does. */
  #names: Set<string> | undefined
  #envelope: readonly [name: string, value: Literal] | undefined
  /** What stands between values goes with what comes next: a piece less for each. */
  #pending = '{'

  /** Starts the call. */
  constructor(calls: CallSink, head: CallHead) {
    this.tool = head.tool
    this.#calls = calls
    calls.start(head)
  }

  /** The tool has such a parameter, or nothing is known of its parameters. */
  knows(name: string): boolean {
    return this.tool.parameters === undefined || this.tool.property(name) !== undefined
  }

  has(name: string): boolean {
    this.#names ??= new Set(this.#written)
    return this.#names.has(name) || this.#envelope?.[0] === name
  }

  /**
   * Whether a string is told as it comes. Else it is told when it is complete, since the schema may want something else.
   *
   * @param typed the notation has types, so that a string is one.
   */
  streams(name: string, typed: boolean): boolean {
    if (this.#mayBeEnvelope(name)) return false
    const types = this.tool.property(name)?.types
    if (types === undefined) return true
    return typed ? types.includes('string') : types.every((type) => type === 'string')
  }

  /** Begins a string, of which pieces follow. */
  open(name: string): void {
    this.#key(name)
    this.#pending += '"'
  }

  piece(text: string): void {
    this.#say(escapeJson(text))
  }

  close(): void {
    this.#pending += '"'
  }

  /** A whole string, where it may be told as it comes. */
  string(name: string, text: string): void {
    this.#key(name)
    this.#say(`"${escapeJson(text)}"`)
  }

  /** A whole value of a typed notation. */
  value(name: string, value: Literal): void {
    if (this.#mayBeEnvelope(name)) this.#envelope = [name, value]
    else this.#member(name, coerce(value, this.tool.property(name)))
  }

  /** A whole value of a notation in which everything is text. */
  text(name: string, text: string): void {
    if (this.#mayBeEnvelope(name)) this.#envelope = [name, { kind: 'string', text }]
    else this.#member(name, coerceText(text, this.tool.property(name)))
  }

  /** The same, where it is known that the text is no string, whatever the schema says or does not say. */
  typed(name: string, text: string): void {
    const schema = this.tool.property(name)
    if (schema?.types !== undefined) this.#member(name, coerceText(text, schema))
    else this.value(name, parseLiteral(text.trim()) ?? { kind: 'string', text })
  }

  /** All arguments in one value: an object, a text of JSON, or nothing. */
  all(value: Literal): void {
    const inner = value.kind === 'string' ? (parseLiteral(value.text) ?? value) : value
    if (inner.kind === 'object') for (const [name, member] of inner.members) this.value(name, member)
    else if (!isNothing(inner)) this.value('arguments', inner)
  }

  /** @param whole false leaves open what is open. */
  end(whole: boolean): void {
    const held = this.#envelope
    const inner = held === undefined ? undefined : openEnvelope(held[1])
    if (inner !== undefined) {
      this.#envelope = undefined
      for (const [name, value] of inner) this.#member(name, coerce(value, this.tool.property(name)))
    } else this.#releaseEnvelope()
    if (whole) this.#say('}')
    else if (this.#pending !== '') this.#say('')
    this.#calls.end(whole)
  }

  #mayBeEnvelope(name: string): boolean {
    if (!ENVELOPES.has(name) || this.tool.parameters === undefined) return false
    return this.#written.length === 0 && this.#envelope === undefined && this.tool.property(name) === undefined
  }

  /** Another parameter came: then it was one like any other. */
  #releaseEnvelope(): void {
    const held = this.#envelope
    if (held === undefined) return
    this.#envelope = undefined
    this.#member(...held)
  }

  #member(name: string, value: Literal): void {
    this.#key(name)
    this.#say(writeLiteral(value))
  }

  #key(name: string): void {
    this.#releaseEnvelope()
    this.#pending += this.#written.length === 0 ? writeKey(name) : `,${writeKey(name)}`
    if (this.#written.length >= MAX_WRITTEN) return
    this.#written.push(name)
    this.#names?.add(name)
  }

  #say(piece: string): void {
    const text = this.#pending + piece
    this.#pending = ''
    this.#calls.arguments(text)
  }
}

function openEnvelope(value: Literal): readonly (readonly [string, Literal])[] | undefined {
  const inner = value.kind === 'string' ? parseLiteral(value.text) : value
  return inner?.kind === 'object' ? inner.members : undefined
}

function isNothing(value: Literal): boolean {
  if (value.kind === 'array') return value.items.length === 0
  return value.kind === 'null' || (value.kind === 'string' && value.text.trim() === '')
}
