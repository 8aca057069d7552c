/** One content part of a message: one part of the interlingua, both ways. */

import { defined } from '../ir/defined.ts'
import { expectArray, expectObject, expectString, optional } from '../ir/expect.ts'
import type { JsonObject } from '../ir/extra.ts'
import type { ModelFacts } from '../ir/facts.ts'
import type { ReportLoss } from '../ir/loss.ts'
import type {
  AudioPart,
  FilePart,
  ImagePart,
  OpaquePart,
  Part,
  ReasoningPart,
  RefusalPart,
  TextPart,
} from '../ir/part.ts'
import { readCache, writeCache } from './cache.ts'
import { decodeAudioFormat, decodeUrl, encodeAudioFormat, encodeUrl } from './media.ts'
import { createRest, giveBack, isOwn, isSpelled, PROTOCOL, type Rest } from './rest.ts'
import type { ContentPart } from './wire.ts'

/** What a message's content list may hold. */
type Content = TextPart | ImagePart | AudioPart | FilePart | ReasoningPart | RefusalPart | OpaquePart

interface Reader {
  /** Members that it reads; the others are kept as they are. */
  readonly known: ReadonlySet<string>
  readonly read: (fields: JsonObject, path: string, rest: Rest) => Content
}

/** Spellings of one meaning that vendors other than OpenAI have (Q34). */
const BARE_URL = 'bare-url'
const DOCUMENT_URL = 'document_url'
const RAW_DATA = 'raw-data'
/** A thought inside the content list, as Mistral has it. */
const THINKING = 'thinking'

function knows(...names: string[]): ReadonlySet<string> {
  return new Set(['type', 'cache_control', ...names])
}

const READERS: Readonly<Record<string, Reader>> = {
  text: {
    known: knows('text'),
    read: (fields, path) => ({ type: 'text', text: expectString(fields.text, `${path}.text`) }),
  },
  image_url: { known: knows('image_url'), read: readImage },
  input_audio: { known: knows('input_audio'), read: readAudio },
  file: { known: knows('file'), read: readFile },
  document_url: { known: knows('document_url', 'document_name'), read: readDocument },
  refusal: {
    known: knows('refusal'),
    read: (fields, path) => ({ type: 'refusal', text: expectString(fields.refusal, `${path}.refusal`) }),
  },
  thinking: { known: knows('thinking'), read: readThinking },
}

/** @throws ApiFailure `bad-request` naming the member; a type that nobody knows is no mistake, it becomes opaque. */
export function decodePart(value: unknown, path: string): Content {
  const fields = expectObject(value, path)
  const type = expectString(fields.type, `${path}.type`)
  const reader = Object.hasOwn(READERS, type) ? READERS[type] : undefined
  if (reader === undefined) return { type: 'opaque', protocol: PROTOCOL, value: fields, ...createRest().kept() }
  const rest = createRest()
  const part = reader.read(fields, path, rest)
  rest.take(fields, reader.known)
  const cache = readCache(fields, path, rest)
  return { ...part, ...(cache === undefined ? {} : { cache }), ...rest.kept() }
}

const IMAGE_MEMBERS = new Set(['url', 'detail'])

function readImage(fields: JsonObject, path: string, rest: Rest): ImagePart {
  const at = `${path}.image_url`
  if (typeof fields.image_url === 'string') {
    rest.spell(BARE_URL)
    return { type: 'image', source: decodeUrl(fields.image_url) }
  }
  const image = expectObject(fields.image_url, at)
  rest.take(image, IMAGE_MEMBERS, 'image_url.')
  return defined<ImagePart>({
    type: 'image',
    source: decodeUrl(expectString(image.url, `${at}.url`)),
    detail: optional(image.detail, `${at}.detail`, expectString),
  })
}

const AUDIO_MEMBERS = new Set(['data', 'format'])

function readAudio(fields: JsonObject, path: string, rest: Rest): AudioPart {
  const at = `${path}.input_audio`
  const audio = expectObject(fields.input_audio, at)
  rest.take(audio, AUDIO_MEMBERS, 'input_audio.')
  const mediaType = decodeAudioFormat(expectString(audio.format, `${at}.format`))
  return { type: 'audio', source: { type: 'base64', mediaType, data: expectString(audio.data, `${at}.data`) } }
}

const FILE_MEMBERS = new Set(['filename', 'file_data', 'file_id'])

function readFile(fields: JsonObject, path: string, rest: Rest): FilePart {
  const at = `${path}.file`
  const file = expectObject(fields.file, at)
  rest.take(file, FILE_MEMBERS, 'file.')
  const id = optional(file.file_id, `${at}.file_id`, expectString)
  const data = id === undefined ? expectString(file.file_data, `${at}.file_data`) : undefined
  if (id !== undefined && typeof file.file_data === 'string') rest.keep('file.file_data', file.file_data)
  const filename = optional(file.filename, `${at}.filename`, expectString)
  return defined<FilePart>({
    type: 'file',
    source: id === undefined ? readFileData(data ?? '', rest) : { type: 'file-id', id, protocol: PROTOCOL },
    filename,
  })
}

function readFileData(data: string, rest: Rest): FilePart['source'] {
  if (data.startsWith('data:') || data.startsWith('https:') || data.startsWith('http:')) return decodeUrl(data)
  rest.spell(RAW_DATA)
  return { type: 'base64', mediaType: 'application/pdf', data }
}

function readDocument(fields: JsonObject, path: string, rest: Rest): FilePart {
  rest.spell(DOCUMENT_URL)
  return defined<FilePart>({
    type: 'file',
    source: decodeUrl(expectString(fields.document_url, `${path}.document_url`)),
    filename: optional(fields.document_name, `${path}.document_name`, expectString),
  })
}

function readThinking(fields: JsonObject, path: string, rest: Rest): ReasoningPart {
  rest.spell(THINKING)
  const pieces = expectArray(fields.thinking, `${path}.thinking`).map((piece, index) => {
    const at = `${path}.thinking.${index}`
    const { text } = expectObject(piece, at)
    // References to sources stand between the texts; they are no thought.
    return text === undefined ? '' : expectString(text, `${at}.text`)
  })
  return { type: 'reasoning', text: pieces.join('') }
}

/** The part is a thought that stood in the content list, so that it goes back there and nowhere else. */
export function isContentThought(part: Part): boolean {
  return part.type === 'reasoning' && isSpelled(part, THINKING)
}

export interface PartContext {
  readonly facts: ModelFacts
  readonly report: ReportLoss
}

type Writer<Kind extends Part['type']> = (
  part: Extract<Part, { type: Kind }>,
  path: string,
  context: PartContext,
) => ContentPart | undefined

/** What is written elsewhere in the message is nothing here. */
const WRITERS: { readonly [Kind in Part['type']]: Writer<Kind> } = {
  text: (part) => ({ type: 'text', text: part.text }),
  image: writeImage,
  audio: writeAudio,
  file: writeFile,
  refusal: (part) => ({ type: 'refusal', refusal: part.text }),
  reasoning: (part) =>
    isContentThought(part) ? { type: 'thinking', thinking: [{ type: 'text', text: part.text }] } : undefined,
  opaque(part, path, { report }) {
    if (part.protocol === PROTOCOL) return { ...(part.value as ContentPart) }
    report(path, `only ${part.protocol} has such a block`)
    return undefined
  },
  'tool-call': () => undefined,
  'tool-result': () => undefined,
}

/** One entry of a content list; nothing, and a report, for what cannot be told. Never changes `part`. */
export function encodePart(part: Part, path: string, context: PartContext): ContentPart | undefined {
  // The row is the one of this part's own type, which the compiler cannot see through the union.
  const write = WRITERS[part.type] as Writer<Part['type']>
  const wire = write(part, path, context)
  if (wire === undefined) return undefined
  if (part.type === 'text') reportTextMarks(part, path, context.report)
  writeCache(wire, part, context.facts, path, context.report)
  giveBack(wire, part, path, context.report)
  return wire
}

/** What a text may bear that a request cannot say. */
export function reportTextMarks(part: TextPart, path: string, report: ReportLoss): void {
  if (part.signature !== undefined) report(`${path}.signature`, 'Chat Completions has no signatures on text')
  if (part.citations?.some((one) => one.original.protocol !== PROTOCOL)) {
    report(`${path}.citations`, 'a text of the history bears no citations')
  }
}

function writeImage(part: ImagePart, path: string, { report }: PartContext): ContentPart | undefined {
  const url = encodeUrl(part.source)
  if (url === undefined) {
    report(path, 'a picture must come as bytes or as a URL')
    return undefined
  }
  if (isSpelled(part, BARE_URL) && part.detail === undefined) return { type: 'image_url', image_url: url }
  return { type: 'image_url', image_url: { url, ...(part.detail === undefined ? {} : { detail: part.detail }) } }
}

function writeAudio(part: AudioPart, path: string, { report }: PartContext): ContentPart | undefined {
  if (part.source.type !== 'base64') {
    report(path, 'a sound must come as bytes')
    return undefined
  }
  if (part.transcript !== undefined) report(`${path}.transcript`, 'a sound has no transcript beside it')
  const { data, mediaType } = part.source
  return { type: 'input_audio', input_audio: { data, format: encodeAudioFormat(mediaType) } }
}

function writeFile(part: FilePart, path: string, { report }: PartContext): ContentPart | undefined {
  const { source } = part
  const name = part.filename === undefined ? {} : { filename: part.filename }
  if (source.type === 'text') {
    report(path, 'a document in plain text is told as text', 'changed')
    return { type: 'text', text: part.filename === undefined ? source.text : `${part.filename}\n\n${source.text}` }
  }
  if (source.type === 'file-id') {
    if (source.protocol === PROTOCOL) return { type: 'file', file: { ...name, file_id: source.id } }
    report(path, 'the file lies at another provider')
    return undefined
  }
  if (isSpelled(part, DOCUMENT_URL)) {
    const title = part.filename === undefined ? {} : { document_name: part.filename }
    return { type: 'document_url', document_url: encodeUrl(source), ...title }
  }
  if (source.type === 'base64' && isSpelled(part, RAW_DATA)) {
    return { type: 'file', file: { ...name, file_data: source.data } }
  }
  if (source.type === 'url' && !isOwn(part)) {
    report(path, 'a document must come as bytes or as an uploaded file')
    return undefined
  }
  // The API refuses bytes without a name.
  const filename = isOwn(part) ? name : { filename: part.filename ?? nameFile(source) }
  return { type: 'file', file: { ...filename, file_data: encodeUrl(source) } }
}

function nameFile(source: FilePart['source']): string {
  const subtype = source.type === 'base64' ? /\/([a-z0-9]+)$/.exec(source.mediaType)?.[1] : undefined
  return `document.${subtype ?? 'bin'}`
}
