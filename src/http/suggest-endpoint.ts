/** What a path that nobody serves was probably meant to be: people double or forget the version, or write capitals. */
import type { Codec } from '../../protocols/codec.ts'

/** `v1`, `v1beta`, `v2`. */
const VERSION = /^v\d+(?:[a-z]+\d*)?$/i

/**
 * The endpoint that a wrong path ends in when versions and capitals are left aside.
 *
 * @param preferred the codec that wins where several have such an endpoint.
 * @param path decoded segments that the table did not know.
 * @returns its codec and the right path, percent-encoded; nothing when none is near.
 */
export function suggestEndpoint(
  codecs: readonly Codec[],
  preferred: Codec,
  path: readonly string[],
): { readonly codec: Codec; readonly path: string } | undefined {
  let best: { readonly codec: Codec; readonly path: string; readonly length: number } | undefined
  for (const codec of [preferred, ...codecs]) {
    for (const endpoint of codec.endpoints) {
      const pattern = endpoint.path.split('/').slice(1)
      const written = matchTail(pattern, path)
      if (written === undefined || (best !== undefined && best.length >= pattern.length)) continue
      best = { codec, path: written, length: pattern.length }
    }
  }
  return best === undefined ? undefined : { codec: best.codec, path: best.path }
}

/** The pattern, filled in with what stands at the end of `path`. */
function matchTail(pattern: readonly string[], path: readonly string[]): string | undefined {
  const wanted = pattern.filter((segment) => !VERSION.test(segment))
  const given = path.filter((segment) => !VERSION.test(segment))
  const takesRest = wanted.at(-1)?.startsWith('{') === true
  const fixed = takesRest ? wanted.slice(0, -1) : wanted
  if (fixed.length === 0) return undefined
  const start = takesRest ? findRun(given, fixed) : given.length - fixed.length
  if (start < 0 || !fixed.every((segment, index) => fits(segment, given[start + index]))) return undefined
  const rest = given.slice(start + fixed.length)
  if (takesRest && !endsAs(wanted.at(-1) ?? '', rest.join('/'))) return undefined
  let at = start
  return pattern
    .map((segment, index) => {
      if (VERSION.test(segment)) return `/${segment}`
      if (takesRest && index === pattern.length - 1) return `/${rest.map(encodeName).join('/')}`
      const here = given[at] ?? ''
      at += 1
      return `/${segment.startsWith('{') ? encodeURIComponent(here) : segment}`
    })
    .join('')
}

/** Whether what is left has the ending that the pattern has behind its name, and a name before it. */
function endsAs(pattern: string, left: string): boolean {
  const ending = pattern.slice(pattern.indexOf('}') + 2)
  if (ending === '') return left !== ''
  return left.length > ending.length + 1 && (left.endsWith(`:${ending}`) || left.endsWith(`/${ending}`))
}

function encodeName(segment: string): string {
  return encodeURIComponent(segment).replaceAll('%3A', ':')
}

function findRun(given: readonly string[], fixed: readonly string[]): number {
  for (let start = 0; start + fixed.length < given.length; start += 1) {
    if (fixed.every((segment, index) => fits(segment, given[start + index]))) return start
  }
  return -1
}

function fits(segment: string, given: string | undefined): boolean {
  return given !== undefined && (segment.startsWith('{') || segment === given.toLowerCase())
}
