/** What a back end was sent must be what was asked, in its own words and in no others. */
import { expect } from 'chai'
import { type Ask, UNKNOWN } from './ask.ts'
import { normalForm } from './normal-form.ts'
import { readerOf } from './readers/all.ts'
import type { Came, Reader } from './readers/reader.ts'

export interface Sides {
  readonly client: string
  readonly backEnd: string
  readonly stream: boolean
}

export function checkSent(came: Came, ask: Ask, model: string, { client, backEnd, stream }: Sides): void {
  const reader = readerOf(backEnd)
  checkNames(came.json, reader, client === backEnd ? [UNKNOWN] : [])
  const { stream: streamed, ...sent } = reader.read(came)
  expect(streamed, 'stream').to.equal(stream)
  expect(sent.model, 'model').to.equal(model)
  const { unknown, ...known } = ask
  const expected = normalForm(backEnd === 'ollama' ? withoutMediaTypes(known) : known)
  const actual = normalForm(sent)
  if (isLittle(actual['effort'])) actual['effort'] = 'low'
  // The Messages API demands a limit: its client always says one, its back end is always told one.
  if (ask.maxTokens === undefined && (client === 'anthropic' || backEnd === 'anthropic')) delete actual['maxTokens']
  expect(actual, 'what the back end was sent').to.deep.equal(expected)
}

/** Where a model takes no words, little effort is a small budget, or thinking at all. */
function isLittle(effort: unknown): boolean {
  return effort === true || (typeof effort === 'number' && effort > 0 && effort < 4096)
}

/** A name that the back end's protocol does not have was let through untranslated. */
function checkNames(value: unknown, reader: Reader, also: readonly string[], path = ''): void {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) checkNames(item, reader, also, `${path}.${index}`)
    return
  }
  if (typeof value !== 'object' || value === null) return
  for (const [name, member] of Object.entries(value)) {
    const isKnown = reader.names.has(name) || also.includes(name)
    expect(isKnown, `${reader.protocol} has no ${path}.${name}`).to.equal(true)
    if (!reader.open.has(name)) checkNames(member, reader, also, `${path}.${name}`)
  }
}

/** Ollama takes the bytes of an image alone. */
function withoutMediaTypes(ask: Ask): Ask {
  const turns = ask.turns.map((turn) =>
    turn.role === 'user' && turn.images !== undefined
      ? { ...turn, images: turn.images.map(({ base64 }) => ({ mediaType: '', base64 })) }
      : turn,
  )
  return { ...ask, turns }
}
