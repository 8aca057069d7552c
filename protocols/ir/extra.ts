/** What a wire said beyond the words of the interlingua, and how it was spelled. */

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
