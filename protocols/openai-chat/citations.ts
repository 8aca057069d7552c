/** Where a passage comes from: `annotations` on the wire, citations in the interlingua. */

import { defined } from '../ir/defined.ts'
import type { ReportLoss } from '../ir/loss.ts'
import type { Citation } from '../ir/part.ts'
import { PROTOCOL } from './rest.ts'

/** Takes whatever it is: what is no link (a parsed file, say) is known by its original only (Q33). */
export function decodeCitation(annotation: unknown): Citation {
  const link = memberOf(annotation, 'url_citation')
  return defined<Citation>({
    url: textOf(memberOf(link, 'url')),
    title: textOf(memberOf(link, 'title')),
    citedText: textOf(memberOf(link, 'content')),
    start: numberOf(memberOf(link, 'start_index')),
    end: numberOf(memberOf(link, 'end_index')),
    original: { protocol: PROTOCOL, value: annotation },
  })
}

/** Where the text that is cited stands in the whole content: characters. */
export interface CitedSpan {
  readonly start: number
  readonly end: number
}

/** @param span of the part's text, for citations that mean all of it. */
export function encodeCitation(citation: Citation, span: CitedSpan, path: string, report: ReportLoss): unknown {
  if (citation.original.protocol === PROTOCOL) return citation.original.value
  if (citation.url === undefined) {
    report(path, 'a citation must name a URL here')
    return undefined
  }
  if (citation.citedText !== undefined) report(path, 'the link is told, but not what is cited', 'changed')
  return {
    type: 'url_citation',
    url_citation: {
      url: citation.url,
      title: citation.title ?? citation.url,
      start_index: span.start + (citation.start ?? 0),
      end_index: citation.end === undefined ? span.end : span.start + citation.end,
    },
  }
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}
