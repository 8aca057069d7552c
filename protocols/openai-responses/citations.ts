/** Where a passage comes from: `annotations` on the wire, citations in the interlingua. */
import { defined } from '../ir/defined.ts'
import type { ReportLoss } from '../ir/loss.ts'
import type { Citation } from '../ir/part.ts'
import { isObject } from './is-object.ts'
import { PROTOCOL } from './rest.ts'

/** Takes whatever it is: what is no link (a file, say) is known by its original only. */
export function decodeCitation(annotation: unknown): Citation {
  const fields = isObject(annotation) ? annotation : {}
  const isLink = fields.type === 'url_citation'
  return defined<Citation>({
    url: isLink ? textOf(fields.url) : undefined,
    title: textOf(isLink ? fields.title : fields.filename),
    start: numberOf(fields.start_index),
    end: numberOf(fields.end_index),
    original: { protocol: PROTOCOL, value: annotation },
  })
}

/**
 * The annotation for a client. One of this protocol is completed where its vendor left out what the API demands (Q53).
 *
 * @param length characters of the text that is cited, for citations that mean all of it.
 */
export function encodeCitation(citation: Citation, length: number, path: string, report: ReportLoss): unknown {
  const { original, url, title, start, end } = citation
  if (original.protocol === PROTOCOL && (url === undefined || !isObject(original.value))) return original.value
  if (url === undefined) {
    report(path, 'a citation must name a URL here')
    return undefined
  }
  const own = original.protocol === PROTOCOL && isObject(original.value) ? original.value : {}
  if (citation.citedText !== undefined) report(path, 'the link is told, but not what is cited', 'changed')
  return { type: 'url_citation', url, start_index: start ?? 0, end_index: end ?? length, ...own, title: title ?? url }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}
