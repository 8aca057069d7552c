/**
 * Requests with one thing wrong. Whatever it is, they are refused in words that name the place, or what was wrong goes on to
 * a back end of the same protocol as it is, to be judged there, or what was made of it is told.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect } from 'chai'
import type { Codec, WireRequest } from '../../protocols/codec.ts'
import { codecs } from '../../protocols/index.ts'
import { ApiFailure } from '../../protocols/ir/error.ts'
import { type Mutant, mutate } from './mutants.ts'
import { SEEDS } from './seeds.ts'

const WIRE = new URL('../../../shared/wire/', import.meta.url)
const hasSchemas = existsSync(WIRE)

/** What is read in more than one form, because it means the same: the request is right, whatever the schema says. */
const SAME_MEANING: readonly (readonly [protocol: string, shape: RegExp, why: string])[] = [
  ['openai-chat', /\.function\.arguments$/, 'trap 45: an object where its text is meant'],
  ['openai-chat', /^functions$/, 'no functions are none'],
  [
    'anthropic',
    /^(messages\.\d+\.content|system)(\.\d+)?(\.content)?(\.\d+)?$/,
    'trap 72: a text, or what a tool answered',
  ],
  ['anthropic', /\.input_schema$/, 'trap 124: a schema that does not say that it is one of an object'],
]

function wireFor(codec: Codec, path?: string): WireRequest {
  const chats = codec.endpoints.filter(({ operation }) => operation === 'chat')
  const endpoint = chats.find((one) => one.path === path) ?? chats[0]
  if (endpoint === undefined) throw new Error(`${codec.name} has no chat`)
  return { endpoint, params: { model: 'm' }, query: new URLSearchParams(), headers: {} }
}

interface Seed {
  readonly body: object
  readonly path?: string
}

/** Requests that real clients sent; none where they are not at hand. */
function readSeeds(codec: Codec): Seed[] {
  const folder = new URL(`${codec.name}/`, WIRE)
  if (!existsSync(folder)) return []
  return readdirSync(folder).flatMap((name) => {
    const { request, response } = JSON.parse(readFileSync(new URL(name, folder), 'utf8'))
    return request?.body && response.status < 400 ? [{ body: request.body, path: request.path }] : []
  })
}

/** Whether the API's own schema takes a request; everything is taken where there is none. */
function loadSchema(codec: Codec): (body: unknown) => boolean {
  const schema = JSON.parse(readFileSync(new URL(`schemas/${codec.name}/request.json`, WIRE), 'utf8'))
  return new Ajv2020({ strict: false, validateFormats: false }).compile(schema)
}

/** One name in both spellings that protobuf's JSON has. */
const camel = (path: string) => path.replace(/_([a-z0-9])/g, (_all, letter: string) => letter.toUpperCase())

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort()
      .map(([name, member]) => [name, sorted(member)]),
  )
}

/** @returns what is wrong with how the mutant is taken; nothing when it is taken rightly. */
function judge(codec: Codec, wire: WireRequest, { path, body }: Mutant, mustTell: boolean): string | undefined {
  let decoded: ReturnType<Codec['request']['decode']>
  try {
    decoded = codec.request.decode(wire, body)
  } catch (error) {
    if (!(error instanceof ApiFailure)) return `throws ${String(error)}`
    const { kind, param, message } = error.error
    if (kind !== 'bad-request') return `is ${kind}`
    const [told, wrong] = [camel(`${param}.`), camel(`${path}.`)]
    const isNamed = wrong.startsWith(told) || told.startsWith(wrong)
    return isNamed ? undefined : `names ${param}: ${message}`
  }
  for (const other of codecs) {
    try {
      const { body: sent, losses } = other.request.encode(decoded.value, {})
      if (other !== codec || !mustTell || decoded.losses.length + losses.length > 0) continue
      const same = JSON.stringify(sorted(JSON.parse(JSON.stringify(sent)))) === JSON.stringify(sorted(body))
      if (!same && !SAME_MEANING.some(([name, shape]) => name === codec.name && shape.test(path)))
        return 'is changed in silence'
    } catch (error) {
      if (!(error instanceof ApiFailure)) return `throws ${String(error)} towards ${other.name}`
    }
  }
  return undefined
}

describe('requests with one thing wrong', function () {
  this.timeout(60_000)

  for (const codec of codecs) {
    it(`F12, B032: ${codec.name}: every member of a request with every wrong type is told by its name`, () => {
      const seen = new Set<string>()
      const wrong: string[] = []
      let count = 0
      for (const body of SEEDS[codec.name] ?? []) {
        codec.request.decode(wireFor(codec), body)
        for (const mutant of mutate(body, seen)) {
          count++
          const fault = judge(codec, wireFor(codec), mutant, false)
          if (fault !== undefined) wrong.push(`${mutant.path} as ${mutant.what} ${fault}`)
        }
      }
      expect(wrong).to.deep.equal([])
      expect(count).to.be.greaterThan(150)
    })

    it(`F12: ${codec.name}: whatever the API's schema refuses is told by its name, or goes back as it was`, function () {
      if (!hasSchemas) {
        console.log('    skipped: the schemas are not at hand')
        return this.skip()
      }
      const takes = loadSchema(codec)
      const seen = new Set<string>()
      const wrong: string[] = []
      let count = 0
      for (const { body, path } of [
        ...readSeeds(codec),
        ...(SEEDS[codec.name] ?? []).map((body) => ({ body }) as Seed),
      ]) {
        const wire = wireFor(codec, path)
        // Some are odd themselves, and some are for other endpoints.
        if (!takes(body) || !isDecodable(codec, wire, body)) continue
        for (const mutant of mutate(body, seen)) {
          if (takes(mutant.body)) continue
          count++
          const fault = judge(codec, wire, mutant, true)
          if (fault !== undefined) wrong.push(`${mutant.path} as ${mutant.what} ${fault}`)
        }
      }
      expect(wrong).to.deep.equal([])
      expect(count).to.be.greaterThan(100)
    })

    it(`F12: ${codec.name}: every member that the API's schema names, with every wrong type`, function () {
      if (!hasSchemas) return this.skip()
      const schema = readFileSync(new URL(`schemas/${codec.name}/request.json`, WIRE), 'utf8')
      const takes = loadSchema(codec)
      const [seed] = SEEDS[codec.name] ?? []
      const names = new Set([...schema.matchAll(/"(\w+)": ?\{/g)].flatMap(([, name]) => name ?? []))
      const wrong: string[] = []
      for (const name of names) {
        for (const value of ['tomorrow', 7.5, true, [], [7.5], {}, { tomorrow: 1 }]) {
          const mutant = { path: name, what: JSON.stringify(value), body: { ...seed, [name]: value } }
          if (takes(mutant.body)) continue
          const fault = judge(codec, wireFor(codec), mutant, true)
          if (fault !== undefined) wrong.push(`${name} as ${mutant.what} ${fault}`)
        }
      }
      expect(wrong).to.deep.equal([])
    })
  }
})

function isDecodable(codec: Codec, wire: WireRequest, body: unknown): boolean {
  try {
    codec.request.decode(wire, body)
    return true
  } catch {
    return false
  }
}
