/** Where passages of an answer come from: `groundingMetadata` and `citationMetadata` on the wire, citations in the interlingua. */
import type { JsonObject } from '../ir/extra.ts'
import type { ReportLoss } from '../ir/loss.ts'
import type { Citation, Part } from '../ir/part.ts'
import { PROTOCOL, readNames } from './keep.ts'

/** A citation, and in which part of the content it stands (absent: in the last text). */
interface PlacedCitation {
  readonly part?: number
  readonly citation: Citation
  /** The passage of that part, and where it begins in bytes of UTF-8 as the API counts. */
  readonly passage?: { readonly startByte: number; readonly text: string }
}

/**
 * Reads what a candidate says beside its content. Whatever is not as documented is left to the metadata itself, which a
 * client of the same protocol gets as it is.
 *
 * @see https://ai.google.dev/api/generate-content#GroundingMetadata
 */
export function readCitations(candidate: JsonObject): readonly PlacedCitation[] {
  const grounding = asObject(candidate.groundingMetadata)
  const sources = asObject(candidate.citationMetadata)
  return [
    ...(grounding === undefined ? [] : readGrounding(grounding)),
    ...listOf(sources?.citationSources ?? sources?.citations).map(readSource),
  ]
}

function readGrounding(metadata: JsonObject): PlacedCitation[] {
  const chunks = listOf(metadata.groundingChunks)
  return listOf(metadata.groundingSupports).flatMap((support) => {
    const segment = asObject(support.segment) ?? {}
    const indices = Array.isArray(support.groundingChunkIndices) ? support.groundingChunkIndices : []
    return indices.flatMap((index): PlacedCitation[] => {
      const chunk = typeof index === 'number' ? chunks[index] : undefined
      const source = asObject(chunk?.web) ?? asObject(chunk?.retrievedContext) ?? asObject(chunk?.maps)
      if (source === undefined) return []
      const part = numberOf(segment.partIndex)
      return [
        {
          ...(part === undefined ? {} : { part }),
          ...passageOf(segment),
          citation: {
            ...texts({ url: source.uri, title: source.title }),
            original: { protocol: PROTOCOL, value: { segment, chunk } },
          },
        },
      ]
    })
  })
}

function passageOf({ startIndex, text }: JsonObject): Pick<PlacedCitation, 'passage'> {
  if (typeof text !== 'string') return {}
  return { passage: { startByte: numberOf(startIndex) ?? 0, text } }
}

/** The citation with the characters that it is about, counted in the text of its part. */
export function locateCitation({ citation, passage }: PlacedCitation, said: string): Citation {
  if (passage === undefined) return citation
  const counted = Buffer.from(said).subarray(0, passage.startByte).toString().length
  // Where the chunks of a stream are several parts the API counts through all of them.
  const start = said.startsWith(passage.text, counted) ? counted : said.indexOf(passage.text)
  if (start < 0) return { ...citation, citedText: passage.text }
  return { ...citation, start, end: start + passage.text.length }
}

function readSource(source: JsonObject): PlacedCitation {
  const { startIndex, endIndex } = source
  return {
    citation: {
      ...texts({ url: source.uri, title: source.title }),
      ...(numberOf(startIndex) === undefined ? {} : { start: Number(startIndex) }),
      ...(numberOf(endIndex) === undefined ? {} : { end: Number(endIndex) }),
      original: { protocol: PROTOCOL, value: source },
    },
  }
}

/** The same parts, with the citations on the texts to which they belong. */
export function placeCitations(parts: readonly Part[], citations: readonly PlacedCitation[]): readonly Part[] {
  if (citations.length === 0) return parts
  const last = parts.findLastIndex((part) => part.type === 'text')
  return parts.map((part, index) => {
    if (part.type !== 'text') return part
    const own = citations.filter(
      (one) => (parts[one.part ?? last]?.type === 'text' ? (one.part ?? last) : last) === index,
    )
    return own.length === 0 ? part : { ...part, citations: own.map((one) => locateCitation(one, part.text)) }
  })
}

/** Citations of other protocols, gathered over an answer to be told as `groundingMetadata`. */
export interface GroundingWriter {
  /**
   * @param text of the part, or what of it has been said so far.
   * @param path of the part that bears it.
   */
  add(citation: Citation, partIndex: number, text: string, path: string): void
  /** Nothing when there was nothing to tell. */
  metadata(): JsonObject | undefined
}

export function createGroundingWriter(report: ReportLoss): GroundingWriter {
  const chunks: JsonObject[] = []
  const places = new Map<string, number>()
  const supports: JsonObject[] = []
  return {
    add(citation, partIndex, text, path) {
      // Of this protocol's own the metadata goes along as it was.
      if (citation.original.protocol === PROTOCOL) return
      if (citation.url === undefined) {
        report(`${path}.citations`, 'a citation must name a URL here')
        return
      }
      if (citation.citedText !== undefined)
        report(`${path}.citations`, 'the link is told, but not what is cited', 'changed')
      let index = places.get(citation.url)
      if (index === undefined) {
        index = chunks.length
        places.set(citation.url, index)
        chunks.push({ web: { uri: citation.url, title: citation.title ?? citation.url } })
      }
      supports.push({ segment: writeSegment(citation, partIndex, text), groundingChunkIndices: [index] })
    },
    metadata: () => (chunks.length === 0 ? undefined : { groundingChunks: chunks, groundingSupports: supports }),
  }
}

/** The API counts bytes of UTF-8. */
function writeSegment(citation: Citation, partIndex: number, text: string): JsonObject {
  const start = citation.start ?? 0
  const end = citation.end ?? text.length
  return {
    ...(partIndex === 0 ? {} : { partIndex }),
    startIndex: Buffer.byteLength(text.slice(0, start)),
    endIndex: Buffer.byteLength(text.slice(0, end)),
    text: text.slice(start, end),
  }
}

function asObject(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? readNames(value as JsonObject)
    : undefined
}

function listOf(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.map(asObject).filter((one) => one !== undefined) : []
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}

/** The members that are texts. */
function texts(members: { readonly [Name in 'url' | 'title' | 'citedText']?: unknown }): Partial<Citation> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => typeof value === 'string'))
}
