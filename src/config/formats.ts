/** The formats of text that the schemas name: how each is judged, told to people, and written as a pattern for editors. */
import { isIP } from 'node:net'
import { parseDuration } from './duration.ts'
import { isHeaderName, isHeaderValue } from './headers-notation.ts'
import { isTargetText } from './target-notation.ts'

export interface TextFormat {
  readonly validate: (text: string) => boolean
  /** The rest of a sentence that begins with the path. */
  readonly problem: string
  /** A regular expression that every valid text fits, and few others. */
  readonly pattern: string
}

const DURATION = {
  validate: isDuration,
  problem: 'must be a duration such as "30s", "1h30m" or "100ms", at most 24 days',
  pattern: '^(0|((\\d+(\\.\\d*)?|\\.\\d+)(ns|us|\u00b5s|\u03bcs|ms|s|m|h))+)$',
}

const HTTP_URL = {
  validate: isHttpUrl,
  problem: 'must be a URL that begins with http:// or https://',
  pattern: '^\\s*[hH][tT][tT][pP][sS]?://',
}

export const FORMATS: Readonly<Record<string, TextFormat>> = {
  duration: DURATION,
  'http-url': HTTP_URL,
  'http-url-or-empty': {
    validate: (text) => text.trim() === '' || isHttpUrl(text),
    problem: HTTP_URL.problem,
    pattern: `^\\s*$|${HTTP_URL.pattern}`,
  },
  'ip-range': {
    validate: isIpRange,
    problem: 'must be an IP address or a range such as 192.168.1.0/24',
    pattern: '^\\s*[0-9a-fA-F:.]+(/\\d{1,3})?\\s*$',
  },
  'header-name': {
    validate: isHeaderName,
    problem: 'has a name that no header can have',
    pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$",
  },
  'header-value': {
    validate: isHeaderValue,
    problem: 'must be a line of text that a header can hold',
    pattern: '^[^\\u0000]*$',
  },
  visible: { validate: (text) => text.trim() !== '', problem: 'must not be empty', pattern: '\\S' },
  target: {
    validate: isTargetText,
    problem: 'must name a provider and its model: "openai/gpt-4o"',
    pattern: '^[^,/]+[,/].',
  },
}

function isDuration(text: string): boolean {
  try {
    parseDuration(text)
    return true
  } catch {
    return false
  }
}

function isHttpUrl(text: string): boolean {
  return /^\s*https?:\/\//i.test(text) && URL.canParse(text.trim())
}

function isIpRange(text: string): boolean {
  const [address = '', bits, ...more] = text.trim().split('/')
  const version = isIP(address)
  if (version === 0 || more.length > 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128))
}
