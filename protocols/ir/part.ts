/** The pieces of which messages are made. A superset of what the protocols can say. */
import type { Extra, ProtocolName, Spelling } from './extra.ts'

/** Up to this part the prompt is worth caching. */
export interface CacheMark {
  /** How long, in the words of the protocols: `5m`, `1h`; absent: the back end's default. */
  readonly ttl?: string
}

/** What any part may bear besides its meaning. */
export interface PartBase {
  readonly cache?: CacheMark
  readonly extra?: Extra
  readonly spelling?: Spelling
}

/** Where a passage of text comes from. */
export interface Citation {
  readonly url?: string
  readonly title?: string
  readonly citedText?: string
  /** Characters of the part's text, end exclusive. */
  readonly start?: number
  readonly end?: number
  /** The citation as its protocol wrote it. */
  readonly original: { readonly protocol: ProtocolName; readonly value: unknown }
}

export interface TextPart extends PartBase {
  readonly type: 'text'
  readonly text: string
  readonly citations?: readonly Citation[]
  /** Proof of the reasoning that led to this text, for protocols that sign text. */
  readonly signature?: string
  readonly issuer?: string
}

/** The bytes of a picture, a sound or a document, or where they lie. */
export type MediaSource =
  | { readonly type: 'base64'; readonly mediaType: string; readonly data: string }
  | { readonly type: 'url'; readonly url: string; readonly mediaType?: string }
  /** A document given as plain text. */
  | { readonly type: 'text'; readonly mediaType: string; readonly text: string }
  /** A file that was uploaded to one provider and has a name there only. */
  | { readonly type: 'file-id'; readonly id: string; readonly protocol: ProtocolName }

export interface ImagePart extends PartBase {
  readonly type: 'image'
  readonly source: MediaSource
  /** How closely the model is to look: `auto`, `low`, `high`. */
  readonly detail?: string
}

export interface AudioPart extends PartBase {
  readonly type: 'audio'
  readonly source: MediaSource
  /** What is said in it, when known. */
  readonly transcript?: string
}

export interface FilePart extends PartBase {
  readonly type: 'file'
  readonly source: MediaSource
  readonly filename?: string
}

/**
 * What a model thought before it spoke.
 * Only its issuer can verify a signature or read what is encrypted: other back ends must not be sent either.
 */
export interface ReasoningPart extends PartBase {
  readonly type: 'reasoning'
  /** May be empty while the signature counts. */
  readonly text: string
  /** Present and possibly empty as the wire had it. */
  readonly signature?: string
  /** The whole thought, readable by its issuer only. */
  readonly encrypted?: string
  /** Who signed or encrypted: a protocol's name, or a vendor's where one protocol serves several. */
  readonly issuer?: string
  readonly id?: string
}

export interface ToolCallPart extends PartBase {
  readonly type: 'tool-call'
  readonly id: string
  readonly name: string
  /** Complete JSON text of an object; with `freeform` the raw text that the tool takes. */
  readonly arguments: string
  readonly freeform?: boolean
  /** The group of tools in which `name` is to be found. */
  readonly namespace?: string
  /** Proof of the reasoning that led to this call, for protocols that sign calls. */
  readonly signature?: string
  readonly issuer?: string
}

/** What a tool may answer with. */
export type ToolResultContent = TextPart | ImagePart | AudioPart | FilePart | OpaquePart

export interface ToolResultPart extends PartBase {
  readonly type: 'tool-result'
  readonly callId: string
  /** Name of the tool, where the protocol repeats it. */
  readonly name?: string
  readonly content: readonly ToolResultContent[]
  readonly isError?: boolean
  readonly freeform?: boolean
}

export interface RefusalPart extends PartBase {
  readonly type: 'refusal'
  readonly text: string
}

/** A block that only its own protocol understands: it goes back verbatim there and is reported elsewhere. */
export interface OpaquePart extends PartBase {
  readonly type: 'opaque'
  readonly protocol: ProtocolName
  readonly value: unknown
}

export type Part =
  | TextPart
  | ImagePart
  | AudioPart
  | FilePart
  | ReasoningPart
  | ToolCallPart
  | ToolResultPart
  | RefusalPart
  | OpaquePart
