/** What a wire said beyond the words of the interlingua, and how it was spelled. */
import type { ReportLoss } from './loss.ts'

/** The name of a codec, such as the one its folder bears; never compared with a literal outside that folder. */
export type ProtocolName = string

/** A JSON object whose members nobody has looked at yet. */
export type JsonObject = Readonly<Record<string, unknown>>

/**
 * Fields that one protocol has and the interlingua has no name for.
 * They go back verbatim to the same protocol and are reported as lost to every other.
 */
export interface Extra {
  readonly protocol: ProtocolName
  readonly fields: JsonObject
}

/**
 * Which of several spellings with one meaning the wire used (a bare string or a list with one text, say).
 * A hint for an encoder of the same protocol that wants to give the same JSON back; never a loss elsewhere.
 */
export interface Spelling {
  readonly protocol: ProtocolName
  /** Words private to that codec. */
  readonly form: string
}

/**
 * The extra fields if they are of this protocol; those of another are reported, each by its name, and left out.
 *
 * @param path where the extra stands, empty at the top of a request or answer.
 */
export function ownFields(
  extra: Extra | undefined,
  protocol: ProtocolName,
  path: string,
  report: ReportLoss,
): JsonObject | undefined {
  if (extra === undefined) return undefined
  if (extra.protocol === protocol) return extra.fields
  for (const name of Object.keys(extra.fields)) {
    report(path === '' ? name : `${path}.${name}`, `only ${extra.protocol} has this field`)
  }
  return undefined
}

/** Reports each of the fields, whosever they are: there is no place for them where `path` goes. */
export function loseExtra(extra: Extra | undefined, path: string, report: ReportLoss): void {
  for (const name of Object.keys(extra?.fields ?? {})) report(`${path}.${name}`, 'there is no place for it here')
}

/** The members of `fields` that `known` does not name, as an extra of this protocol; nothing when there are none. */
export function collectExtra(
  fields: JsonObject,
  known: ReadonlySet<string>,
  protocol: ProtocolName,
): Extra | undefined {
  let unknown: Record<string, unknown> | undefined
  for (const name of Object.keys(fields)) {
    if (known.has(name)) continue
    unknown ??= {}
    // An own key even when it is called __proto__, as JSON.parse makes it.
    Object.defineProperty(unknown, name, { value: fields[name], enumerable: true, configurable: true, writable: true })
  }
  return unknown === undefined ? undefined : { protocol, fields: unknown }
}
