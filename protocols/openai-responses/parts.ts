/** One piece of content, of a message or of what a tool answers: one part of the interlingua, both ways. */
import { defined } from '../ir/defined.ts'
import { expectArray, expectObject, expectString, optional } from '../ir/expect.ts'
import type { JsonObject } from '../ir/extra.ts'
import type { ModelFacts } from '../ir/facts.ts'
import type { ReportLoss } from '../ir/loss.ts'
import type { AudioPart, FilePart, ImagePart, OpaquePart, Part, RefusalPart, TextPart } from '../ir/part.ts'
import type { Rest } from '../ir/rest.ts'
import { decodeCitation } from './citations.ts'
import { isObject } from './is-object.ts'
import { decodeUrl, encodeUrl } from './media.ts'
import { createRest, giveBack, isOwn, isSpelled, noted, PROTOCOL } from './rest.ts'
import type { ContentPart } from './wire.ts'

/** What a list of content may hold. */
export type Content = TextPart | ImagePart | AudioPart | FilePart | RefusalPart | OpaquePart

/** What is said to the model, or what it said itself: the wire has two words for one text. */
export type Side = 'input' | 'output'

const TEXT_TYPES: Readonly<Record<Side, string>> = { input: 'input_text', output: 'output_text' }

/** Spellings of one meaning. */
const TYPE = 'as:'
const ANNOTATED = 'annotations'
const LOGGED = 'logprobs'
const NESTED_URL = 'nested-url'
const RAW_DATA = 'raw-data'
const FILE_URL = 'file_url'
/** Spelling of a part that stands in the content of a message and is no item of its own. */
export const CONTENT = 'content'

type Reader = (fields: JsonObject, path: string, rest: Rest, side: Side) => Content

const READERS: Readonly<Record<string, Reader>> = {
  input_text: readText,
  output_text: readText,
  text: readText,
  refusal(fields, path, rest) {
    rest.take(fields, REFUSAL_MEMBERS)
    return { type: 'refusal', text: expectString(fields.refusal, `${path}.refusal`) }
  },
  input_image: readImage,
  input_file: readFile,
  input_audio: readAudio,
}

const TEXT_MEMBERS = new Set(['type', 'text', 'annotations', 'logprobs', 'prompt_cache_breakpoint'])
const REFUSAL_MEMBERS = new Set(['type', 'refusal'])
const IMAGE_MEMBERS = new Set(['type', 'image_url', 'file_id', 'detail', 'prompt_cache_breakpoint'])
const FILE_MEMBERS = new Set(['type', 'file_id', 'filename', 'file_data', 'file_url', 'prompt_cache_breakpoint'])
const AUDIO_MEMBERS = new Set(['type', 'input_audio', 'prompt_cache_breakpoint'])

/**
 * @param mark notes beforehand how the message was spelled, of whose content this is the first piece.
 * @throws ApiFailure `bad-request` naming the member; a type that nobody knows is no mistake, it becomes opaque.
 */
export function decodePart(value: unknown, path: string, side: Side, mark?: (rest: Rest) => void): Content {
  const fields = expectObject(value, path)
  const type = expectString(fields.type, `${path}.type`)
  const rest = createRest()
  mark?.(rest)
  const read = Object.hasOwn(READERS, type) ? READERS[type] : undefined
  if (read === undefined) {
    rest.spell(CONTENT)
    return { type: 'opaque', protocol: PROTOCOL, value: fields, ...rest.kept() }
  }
  const part = read(fields, path, rest, side)
  const cache = readBreakpoint(fields, rest)
  return { ...part, ...(cache === undefined ? {} : { cache }), ...rest.kept() }
}

function readText(fields: JsonObject, path: string, rest: Rest, side: Side): TextPart {
  rest.take(fields, TEXT_MEMBERS)
  const type = String(fields.type)
  if (type !== TEXT_TYPES[side]) rest.note(TYPE, type)
  const text = expectString(fields.text, `${path}.text`)
  const annotations = optional(fields.annotations, `${path}.annotations`, expectArray)
  if (annotations !== undefined) rest.spell(ANNOTATED)
  const logprobs = optional(fields.logprobs, `${path}.logprobs`, expectArray)
  if (logprobs?.length === 0) rest.spell(LOGGED)
  else if (logprobs !== undefined) rest.keep('logprobs', logprobs)
  const citations = annotations === undefined || annotations.length === 0 ? undefined : annotations.map(decodeCitation)
  return defined<TextPart>({ type: 'text', text, citations })
}

/** `image_url` is a string; clients of the other API write an object with a `url` here too (lesson 55). */
function readImage(fields: JsonObject, path: string, rest: Rest): ImagePart {
  rest.take(fields, IMAGE_MEMBERS)
  const detail = optional(fields.detail, `${path}.detail`, expectString)
  const id = optional(fields.file_id, `${path}.file_id`, expectString)
  const at = `${path}.image_url`
  if (id !== undefined) {
    if (typeof fields.image_url === 'string') rest.keep('image_url', fields.image_url)
    return defined<ImagePart>({ type: 'image', source: { type: 'file-id', id, protocol: PROTOCOL }, detail })
  }
  if (isObject(fields.image_url)) {
    rest.spell(NESTED_URL)
    rest.take(fields.image_url, NESTED_MEMBERS, 'image_url.')
    const url = expectString(fields.image_url.url, `${at}.url`)
    return defined<ImagePart>({ type: 'image', source: decodeUrl(url), detail })
  }
  return defined<ImagePart>({ type: 'image', source: decodeUrl(expectString(fields.image_url, at)), detail })
}

const NESTED_MEMBERS = new Set(['url'])

function readFile(fields: JsonObject, path: string, rest: Rest): FilePart {
  rest.take(fields, FILE_MEMBERS)
  const filename = optional(fields.filename, `${path}.filename`, expectString)
  const id = optional(fields.file_id, `${path}.file_id`, expectString)
  const url = optional(fields.file_url, `${path}.file_url`, expectString)
  // Where several name the file, the others go back as they are.
  if (id !== undefined && url !== undefined) rest.keep('file_url', url)
  if ((id ?? url) !== undefined && typeof fields.file_data === 'string') rest.keep('file_data', fields.file_data)
  return defined<FilePart>({ type: 'file', source: readSource(fields, path, rest, id, url), filename })
}

function readSource(
  fields: JsonObject,
  path: string,
  rest: Rest,
  id: string | undefined,
  url: string | undefined,
): FilePart['source'] {
  if (id !== undefined) return { type: 'file-id', id, protocol: PROTOCOL }
  if (url !== undefined) {
    rest.spell(FILE_URL)
    return decodeUrl(url)
  }
  const data = expectString(fields.file_data, `${path}.file_data`)
  const source = decodeUrl(data)
  if (source.type === 'base64' || /^https?:/.test(data)) return source
  rest.spell(RAW_DATA)
  return { type: 'base64', mediaType: 'application/pdf', data }
}

function readAudio(fields: JsonObject, path: string, rest: Rest): AudioPart {
  rest.take(fields, AUDIO_MEMBERS)
  const at = `${path}.input_audio`
  const audio = expectObject(fields.input_audio, at)
  rest.take(audio, SOUND_MEMBERS, 'input_audio.')
  const format = expectString(audio.format, `${at}.format`)
  const data = expectString(audio.data, `${at}.data`)
  return {
    type: 'audio',
    source: { type: 'base64', mediaType: format === 'mp3' ? 'audio/mpeg' : `audio/${format}`, data },
  }
}

const SOUND_MEMBERS = new Set(['data', 'format'])
const EXPLICIT = 'explicit'

/** `{mode: "explicit"}` is what other protocols call a cache mark; another mode is kept as it is. */
function readBreakpoint(fields: JsonObject, rest: Rest): Part['cache'] {
  const mark = fields.prompt_cache_breakpoint
  if (mark === undefined || mark === null) return undefined
  const isPlain = isObject(mark) && mark.mode === EXPLICIT && Object.keys(mark).length === 1
  if (!isPlain) rest.keep('prompt_cache_breakpoint', mark)
  return isPlain ? {} : undefined
}

export interface PartContext {
  readonly facts: ModelFacts
  readonly report: ReportLoss
}

type Writer<Kind extends Part['type']> = (
  part: Extract<Part, { type: Kind }>,
  path: string,
  context: PartContext,
  side: Side,
) => ContentPart | undefined

const WRITERS: { readonly [Kind in Part['type']]: Writer<Kind> } = {
  text: writeText,
  refusal: (part) => ({ type: 'refusal', refusal: part.text }),
  image: writeImage,
  audio: writeAudio,
  file: writeFile,
  opaque(part, path, { report }) {
    if (part.protocol === PROTOCOL) return { ...(part.value as ContentPart) }
    report(path, `only ${part.protocol} has such a block`)
    return undefined
  },
  reasoning: (_part, path, { report }) => elsewhere(path, report),
  'tool-call': (_part, path, { report }) => elsewhere(path, report),
  'tool-result': (_part, path, { report }) => elsewhere(path, report),
}

function elsewhere(path: string, report: ReportLoss): undefined {
  report(path, 'it cannot stand inside this message')
}

/** One entry of a content list; nothing, and a report, for what cannot be told. Never changes `part`. */
export function encodePart(
  part: Part,
  path: string,
  context: PartContext,
  side: Side,
  message?: Record<string, unknown>,
): ContentPart | undefined {
  // The row is the one of this part's own type, which the compiler cannot see through the union.
  const write = WRITERS[part.type] as Writer<Part['type']>
  const wire = write(part, path, context, side)
  if (wire === undefined) return undefined
  if (part.cache !== undefined) {
    if (isOwn(part) || context.facts.cacheMarks === true) wire.prompt_cache_breakpoint = { mode: EXPLICIT }
    else context.report(`${path}.cache`, 'this model is not known to read cache marks')
  }
  giveBack(wire, part, path, context.report, message === undefined ? {} : { message })
  return wire
}

function writeText(part: TextPart, path: string, { report }: PartContext, side: Side): ContentPart {
  const wire: ContentPart = { type: noted(part, TYPE) ?? TEXT_TYPES[side], text: part.text }
  if (part.signature !== undefined) report(`${path}.signature`, 'text is not signed here')
  if (isSpelled(part, ANNOTATED)) wire.annotations = (part.citations ?? []).map((one) => one.original.value)
  else if (part.citations !== undefined) report(`${path}.citations`, 'a text of the history bears no citations')
  if (isSpelled(part, LOGGED)) wire.logprobs = []
  return wire
}

function writeImage(part: ImagePart, path: string, { report }: PartContext): ContentPart | undefined {
  const detail = part.detail === undefined ? {} : { detail: part.detail }
  if (part.source.type === 'file-id' && part.source.protocol === PROTOCOL) {
    return { type: 'input_image', file_id: part.source.id, ...detail }
  }
  const url = encodeUrl(part.source)
  if (url === undefined) {
    report(path, 'a picture must come as bytes or as a URL')
    return undefined
  }
  if (isSpelled(part, NESTED_URL)) return { type: 'input_image', image_url: { url }, ...detail }
  return { type: 'input_image', image_url: url, ...detail }
}

function writeAudio(part: AudioPart, path: string, { report }: PartContext): ContentPart | undefined {
  if (!isOwn(part) || part.source.type !== 'base64') {
    report(path, 'the Responses API takes no sound')
    return undefined
  }
  const { mediaType, data } = part.source
  const format = mediaType === 'audio/mpeg' ? 'mp3' : mediaType.slice('audio/'.length)
  return { type: 'input_audio', input_audio: { data, format } }
}

function writeFile(part: FilePart, path: string, { report }: PartContext): ContentPart | undefined {
  const { source } = part
  const name = part.filename === undefined ? {} : { filename: part.filename }
  if (source.type === 'text') {
    report(path, 'a document in plain text is told as text', 'changed')
    const text = part.filename === undefined ? source.text : `${part.filename}\n\n${source.text}`
    return { type: 'input_text', text }
  }
  if (source.type === 'file-id') {
    if (source.protocol === PROTOCOL) return { type: 'input_file', ...name, file_id: source.id }
    report(path, 'the file lies at another provider')
    return undefined
  }
  if (source.mediaType !== undefined && /^(?:audio|video)\//.test(source.mediaType) && !isOwn(part)) {
    report(path, `a file here is a document, and no ${source.mediaType}`)
    return undefined
  }
  if (source.type === 'url' || isSpelled(part, FILE_URL)) {
    const member = isOwn(part) && !isSpelled(part, FILE_URL) ? 'file_data' : 'file_url'
    return { type: 'input_file', ...name, [member]: encodeUrl(source) }
  }
  if (isSpelled(part, RAW_DATA)) return { type: 'input_file', ...name, file_data: source.data }
  // The API refuses bytes without a name.
  const filename = isOwn(part) ? name : { filename: part.filename ?? nameFile(source.mediaType) }
  return { type: 'input_file', ...filename, file_data: encodeUrl(source) }
}

function nameFile(mediaType: string): string {
  return `document.${/\/([a-z0-9]+)$/.exec(mediaType)?.[1] ?? 'bin'}`
}
