/** Puts bytes in the place of URLs for targets that cannot fetch them (step 7), once per exchange. */
import type { Codec, Decoded } from '../../protocols/codec.ts'
import { ApiFailure } from '../../protocols/ir/error.ts'
import type { AudioPart, FilePart, ImagePart, Part } from '../../protocols/ir/part.ts'
import type { ChatRequest } from '../../protocols/ir/request.ts'
import type { Target } from '../providers/target.ts'
import type { FetchedMedia, FetchMedia } from '../upstream/fetch-media.ts'
import type { RequestSource } from './request-source.ts'

type MediaPart = ImagePart | AudioPart | FilePart

/** The request for this target. @throws ApiFailure `bad-request` that names what cannot be fetched. */
export type BringMedia = (target: Target, codec: Codec) => Promise<RequestSource>

/** @param fetchMedia absent: nothing is fetched, and encoders report what they cannot carry. */
export function createMediaBringer(
  source: RequestSource,
  fetchMedia: FetchMedia | undefined,
  signal: AbortSignal,
): BringMedia {
  const { images, audio, files } = source.glance.needs
  const hasMedia = images || audio || files || source.glance.previous !== undefined
  const fetched = new Map<string, Promise<FetchedMedia>>()
  let brought: Promise<RequestSource> | undefined

  function fetchOnce(part: MediaPart, url: string, fetchNow: FetchMedia): Promise<FetchedMedia> {
    const known = fetched.get(url)
    if (known !== undefined) return known
    const begun = fetchNow(url, part.type, signal)
    fetched.set(url, begun)
    return begun
  }

  async function bring(fetchNow: FetchMedia): Promise<RequestSource> {
    const decoded = await embed(source.decode(), (part, url) => fetchOnce(part, url, fetchNow))
    const recalled = await embed(recallIfKept(source), (part, url) => fetchOnce(part, url, fetchNow))
    if (decoded === source.decode() && recalled === undefined) return source
    // What is written now is not what the client sent.
    const glance = decoded === source.decode() ? source.glance : { ...source.glance, irregular: true }
    return { ...source, glance, decode: () => decoded, recall: () => recalled ?? source.recall() }
  }

  return async (target, codec) => {
    const takesUrls = target.facts.fetchesUrls ?? codec.takesUrls ?? true
    if (takesUrls || !hasMedia || fetchMedia === undefined) return source
    brought ??= bring(fetchMedia)
    return brought
  }
}

/** A request that goes on from an answer that is not kept here is refused, or passed, when it is planned. */
function recallIfKept(source: RequestSource): Decoded<ChatRequest> | undefined {
  try {
    return source.recall()
  } catch (error) {
    if (error instanceof ApiFailure) return undefined
    throw error
  }
}

type Fetch = (part: MediaPart, url: string) => Promise<FetchedMedia>

/** @returns the same value where nothing had to be fetched. */
async function embed<Value extends Decoded<ChatRequest> | undefined>(decoded: Value, fetch: Fetch): Promise<Value> {
  if (decoded === undefined) return decoded
  let changed = false
  const messages = await Promise.all(
    decoded.value.messages.map(async (message) => {
      const parts = await embedAll(message.parts, fetch)
      changed ||= parts !== message.parts
      return parts === message.parts ? message : { ...message, parts }
    }),
  )
  return changed ? { ...decoded, value: { ...decoded.value, messages } } : decoded
}

async function embedAll<P extends Part>(parts: readonly P[], fetch: Fetch): Promise<readonly P[]> {
  const embedded = await Promise.all(parts.map((part) => embedPart(part, fetch)))
  // A part becomes one of its own kind.
  return embedded.every((part, index) => part === parts[index]) ? parts : (embedded as P[])
}

async function embedPart(part: Part, fetch: Fetch): Promise<Part> {
  if (part.type === 'tool-result') {
    const content = await embedAll(part.content, fetch)
    return content === part.content ? part : { ...part, content }
  }
  if (part.type !== 'image' && part.type !== 'audio' && part.type !== 'file') return part
  const { source } = part
  if (source.type !== 'url' || !/^https?:/i.test(source.url)) return part
  const { mediaType, data } = await fetch(part, source.url)
  return { ...part, source: { type: 'base64', mediaType, data } }
}
