import { escapeJson } from './escape-json.ts'

/** A value as a model wrote it. Numbers keep their digits: 2^53 + 1 must not be rounded on its way through. */
export type Literal =
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'number'; readonly digits: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'null' }
  | { readonly kind: 'array'; readonly items: readonly Literal[] }
  | { readonly kind: 'object'; readonly members: readonly (readonly [name: string, value: Literal])[] }

export type LiteralKind = Literal['kind']

/** The JSON text of a value. */
export function writeLiteral(value: Literal): string {
  switch (value.kind) {
    case 'string':
      return `"${escapeJson(value.text)}"`
    case 'number':
      return value.digits
    case 'boolean':
      return value.value ? 'true' : 'false'
    case 'null':
      return 'null'
    case 'array':
      return `[${value.items.map(writeLiteral).join(',')}]`
    case 'object':
      return `{${value.members.map(([name, member]) => `"${escapeJson(name)}":${writeLiteral(member)}`).join(',')}}`
  }
}

/** What most numbers look like: they need no rewriting. */
const INTEGER = /^(?:0|-?[1-9]\d*)$/
const NUMBER = /^[-+]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/
const WORDS: ReadonlyMap<string, Literal> = new Map<string, Literal>([
  ['true', { kind: 'boolean', value: true }],
  ['True', { kind: 'boolean', value: true }],
  ['TRUE', { kind: 'boolean', value: true }],
  ['false', { kind: 'boolean', value: false }],
  ['False', { kind: 'boolean', value: false }],
  ['FALSE', { kind: 'boolean', value: false }],
  ['null', { kind: 'null' }],
  ['None', { kind: 'null' }],
  ['undefined', { kind: 'null' }],
])

/** A number or a word of JSON or Python; nothing when it is neither. */
export function readWord(word: string): Literal | undefined {
  return WORDS.get(word) ?? readNumber(word)
}

export function readNumber(word: string): Literal | undefined {
  if (INTEGER.test(word)) return { kind: 'number', digits: word }
  if (!NUMBER.test(word)) return undefined
  const plain = word.replace(/^\+/, '').replaceAll('_', '')
  const [, sign = '', whole = '', rest = ''] = /^(-?)0*(\d*)(.*)$/s.exec(plain) ?? []
  const fraction = rest.replace(/^\.(?=$|[eE])/, '')
  return { kind: 'number', digits: `${sign}${whole === '' ? '0' : whole}${fraction}` }
}
