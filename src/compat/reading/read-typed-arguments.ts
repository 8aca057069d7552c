/** Reads arguments whose notation has types, JSON and its kin, and tells them as they come. */
import { openString } from './open-string.ts'
import { isMissing, literalAt, readLiteral } from './read-literal.ts'
import { readMembers } from './read-members.ts'
import { readString, stringAt } from './read-string.ts'
import { nextToken, tokenAt } from './skip-space.ts'
import type { Reading, Source } from './source.ts'
import type { StringPlace } from './string-end.ts'
import type { Syntax } from './syntax.ts'
import type { ArgumentsWriter } from './write-arguments.ts'

/** Reads one value for a parameter. @returns false when none stands there. */
export function readTypedArgument(
  source: Source,
  syntax: Syntax,
  writer: ArgumentsWriter,
  name: string,
  place: StringPlace,
): boolean | Reading<boolean> {
  // Strings side by side are one in Python, so that the end of the first is not the end of the value.
  const streams = !syntax.python && writer.streams(name, true)
  const value = literalAt(source, syntax, place)
  if (value === undefined) return readAnyArgument(source, syntax, writer, name, place, streams)
  if (streams && value.kind === 'string') writer.string(name, value.text)
  else writer.value(name, value)
  return true
}

function* readAnyArgument(
  source: Source,
  syntax: Syntax,
  writer: ArgumentsWriter,
  name: string,
  place: StringPlace,
  streams: boolean,
): Reading<boolean> {
  if (streams) {
    const token = tokenAt(source) ?? (yield* nextToken(source))
    const text = stringAt(source, place)
    if (text !== undefined) {
      writer.string(name, text)
      return true
    }
    while (token === '<' && source.left < 10 && !source.ended) yield
    const opening = yield* openString(source, syntax)
    if (opening !== undefined) {
      writer.open(name)
      yield* readString(source, opening, place, (piece) => writer.piece(piece))
      if (source.whole) writer.close()
      return true
    }
  }
  const value = yield* readLiteral(source, syntax, place)
  if (value !== undefined) writer.value(name, value)
  return value !== undefined || isMissing(source)
}

/** Reads an object, the reader standing at its brace, as all the arguments of a call. */
export function readTypedArguments(source: Source, syntax: Syntax, writer: ArgumentsWriter): Reading<boolean> {
  source.skip(1)
  return readMembers(
    source,
    syntax,
    (name) => readTypedArgument(source, syntax, writer, name, 'member'),
    (closed) => {
      if (!closed) source.leaveOpen()
      return closed
    },
  )
}
