/**
 * The path grammar: one parse of the raw request target, on whose result alone guard, router and ledger work.
 *
 * `[ "/" group | "/switch" ] [ "/compat_mode" | "/compat" ] protocol-path`, in this order. See `docs/paths.md`.
 */
import { isGroupName, isReservedSegment } from './reserved.ts'

/** Where a request goes. */
export interface Located {
  /** Absent where the path names none. */
  readonly group?: string
  /** The path began with `/switch`: the group that is active just now is meant. */
  readonly activeGroup: boolean
  /** Tools are to be taught by prompt. */
  readonly compat: boolean
  /** Decoded segments of the protocol path. Only a segment below one of `MODELS` can hold a slash, as part of a model's id. */
  readonly path: readonly string[]
  readonly query: URLSearchParams
  /** Group and mode as the canonical path writes them, empty or beginning with a slash. */
  readonly prefix: string
  /** The one way to write this path, without the query. */
  readonly canonical: string
}

/** Why a target leads nowhere: 400 for `malformed` and `too-long`, 404 for `not-found`. */
export interface PathRefusal {
  readonly problem: 'malformed' | 'too-long' | 'not-found'
  /** A sentence for the caller. */
  readonly message: string
  /** The path that was probably meant. */
  readonly hint?: string
}

const MAX_TARGET_CHARACTERS = 8192

const COMPAT_WORDS: ReadonlySet<string> = new Set(['compat_mode', 'compat'])

/**
 * Below these segments a model's id stands, which may hold slashes: some clients leave `models` out (K7), and aliases and routes
 * of groups are named as models are.
 */
const MODELS: ReadonlySet<string> = new Set(['models', 'v1beta', 'aliases', 'routes'])

/**
 * Reads a request target as it stood in the request line.
 *
 * Percent-escapes are decoded once. Runs of slashes and a slash at the end count as one and as none, since people paste
 * base URLs that end in one; `.` and `..` are never resolved. Never throws.
 *
 * @param target origin form or absolute form; of the latter only the path is used, its authority is the guard's matter.
 * @see https://www.rfc-editor.org/rfc/rfc9112#section-3.2
 */
export function locate(target: string): Located | PathRefusal {
  if (target.length > MAX_TARGET_CHARACTERS) {
    return refuse('too-long', `The request path is longer than ${MAX_TARGET_CHARACTERS} characters.`)
  }
  const origin = toOriginForm(target)
  if (!origin.startsWith('/')) return refuse('malformed', 'The request target must be a path that begins with a slash.')
  const questionMark = origin.indexOf('?')
  const rawPath = questionMark < 0 ? origin : origin.slice(0, questionMark)
  if (rawPath.includes('#')) return refuse('malformed', 'The request path holds a "#", which must be written %23.')

  const segments: string[] = []
  for (const raw of rawPath.split('/')) {
    if (raw === '') continue
    const segment = decodeSegment(raw)
    if (typeof segment !== 'string') return segment
    segments.push(segment)
  }
  return readSegments(segments, new URLSearchParams(questionMark < 0 ? '' : origin.slice(questionMark + 1)))
}

/** `http://host/path` without what stands before the path. */
function toOriginForm(target: string): string {
  const scheme = /^https?:\/\//i.exec(target)?.[0]
  if (scheme === undefined) return target
  for (let at = scheme.length; at < target.length; at += 1) {
    const character = target[at]
    if (character === '/') return target.slice(at)
    if (character === '?' || character === '#') return `/${target.slice(at)}`
  }
  return '/'
}

function decodeSegment(raw: string): string | PathRefusal {
  const plain = isPlain(raw)
  let segment = raw
  if (!plain) {
    try {
      // Node hands bytes beyond ASCII over as Latin-1: they are taken for the UTF-8 that they most likely are.
      segment = decodeURIComponent(escapeBytes(raw))
    } catch {
      return refuse('malformed', 'The request path holds a percent-escape that is not valid UTF-8.')
    }
    if (holdsForbidden(segment)) {
      return refuse('malformed', 'The request path holds a control character or a backslash.')
    }
  }
  if (segment === '.' || segment === '..') {
    return refuse('not-found', 'A path with "." or ".." in it leads nowhere.')
  }
  return segment
}

/** Only printable ASCII, without percent sign and backslash: nothing is to be decoded. */
function isPlain(raw: string): boolean {
  for (let index = 0; index < raw.length; index += 1) {
    const code = raw.charCodeAt(index)
    if (code <= 0x20 || code >= 0x7f || code === 0x25 || code === 0x5c) return false
  }
  return true
}

function escapeBytes(raw: string): string {
  let escaped = ''
  for (const character of raw) {
    const code = character.charCodeAt(0)
    if (code < 0x80) escaped += character
    else if (code <= 0xff) escaped += `%${code.toString(16)}`
    else escaped += encodeURIComponent(character)
  }
  return escaped
}

/** A control character of C0 or C1, DEL, or a backslash. */
function holdsForbidden(segment: string): boolean {
  for (let index = 0; index < segment.length; index += 1) {
    const code = segment.charCodeAt(index)
    if (code < 0x20 || (code >= 0x7f && code <= 0x9f) || code === 0x5c) return true
  }
  return false
}

function readSegments(segments: readonly string[], query: URLSearchParams): Located | PathRefusal {
  let at = 0
  let group: string | undefined
  let activeGroup = false
  let compat = false
  const first = segments[0]?.normalize('NFC')

  if (first === 'switch') {
    activeGroup = true
    at = 1
  } else if (first !== undefined && !isReservedSegment(first)) {
    if (!isGroupName(first)) {
      return refuse('not-found', 'The first part of the path is neither a protocol nor a possible name of a group.')
    }
    group = first
    at = 1
  }
  const word = segments[at]
  if (word !== undefined && COMPAT_WORDS.has(word)) {
    compat = true
    at += 1
  } else if (word !== undefined && isModeWord(word.toLowerCase()) && !isModeWord(word)) {
    const hint = [...segments.slice(0, at), word.toLowerCase(), ...segments.slice(at + 1)]
    return refuse('not-found', `Paths are written in lower case: not "${word}".`, writePath(hint))
  }

  const path = segments.slice(at)
  const prefix = writePrefix(group, activeGroup, compat)
  const next = path[0]
  if (compat && group === undefined && !activeGroup && next !== undefined) {
    if (next === 'switch' || isGroupName(next.normalize('NFC'))) {
      const hint = `/${encodeSegment(next)}${prefix}${writePath(path.slice(1))}`
      return refuse('not-found', 'The group stands before the compatibility mode in a path.', hint)
    }
  }
  const slash = refuseSlash(path)
  if (slash !== undefined) return slash

  const canonical = `${prefix}${writePath(path)}`
  return {
    ...(group === undefined ? {} : { group }),
    activeGroup,
    compat,
    path,
    query,
    prefix,
    canonical: canonical === '' ? '/' : canonical,
  }
}

function isModeWord(word: string): boolean {
  return word === 'switch' || COMPAT_WORDS.has(word)
}

/** An escaped slash is welcome in a model's id and nowhere else; what stands between slashes must be no dot segment either. */
function refuseSlash(path: readonly string[]): PathRefusal | undefined {
  const models = path.findIndex((segment) => MODELS.has(segment))
  for (const [index, segment] of path.entries()) {
    if (!segment.includes('/')) continue
    const inModel = models >= 0 && index > models
    const pieces = segment.split('/')
    if (!inModel || pieces.some((piece) => piece === '' || piece === '.' || piece === '..')) {
      return refuse('not-found', 'An escaped slash (%2F) may stand inside the name of a model only.')
    }
  }
  return undefined
}

function writePrefix(group: string | undefined, activeGroup: boolean, compat: boolean): string {
  const first = activeGroup ? '/switch' : group === undefined ? '' : `/${encodeSegment(group)}`
  return compat ? `${first}/compat_mode` : first
}

function writePath(segments: readonly string[]): string {
  return segments.map((segment) => `/${encodeSegment(segment)}`).join('')
}

/** Colon and at-sign stay readable: many a model's id has them. */
function encodeSegment(segment: string): string {
  return encodeURIComponent(segment).replaceAll('%3A', ':').replaceAll('%40', '@')
}

function refuse(problem: PathRefusal['problem'], message: string, hint?: string): PathRefusal {
  return hint === undefined ? { problem, message } : { problem, message, hint }
}
