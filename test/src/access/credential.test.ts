import { expect } from 'chai'
import { findCredential } from '../../../src/access/credential.ts'

const find = (headers: Record<string, string>, query = '') => findCredential(headers, new URLSearchParams(query))
const KEY = { kind: 'key', key: 'k1' } as const

describe('access/credential', () => {
  const PLACES: readonly (readonly [string, Record<string, string>, string])[] = [
    ['B011 Authorization: Bearer', { authorization: 'Bearer k1' }, ''],
    ['a scheme in lower case with more blanks', { authorization: 'bearer   k1' }, ''],
    ['B012 x-api-key', { 'x-api-key': 'k1' }, ''],
    ['CS19 x-goog-api-key', { 'x-goog-api-key': 'k1' }, ''],
    ['api-key', { 'api-key': 'k1' }, ''],
    ['CS19 ?key=', {}, 'key=k1&alt=sse'],
    ['a key with a line break at its end', { 'x-api-key': ' k1 ' }, ''],
    [
      'S12 the same key in every place',
      { authorization: 'Bearer k1', 'x-api-key': 'k1', 'x-goog-api-key': 'k1' },
      'key=k1',
    ],
  ]
  for (const [title, headers, query] of PLACES) {
    it(`finds ${title}`, () => expect(find(headers, query)).to.deep.equal(KEY))
  }

  const NONE: readonly (readonly [string, Record<string, string>])[] = [
    ['nothing', {}],
    ['F34 an empty Bearer', { authorization: 'Bearer ' }],
    ['another scheme', { authorization: 'Basic azE6' }],
    ['an empty x-api-key', { 'x-api-key': '' }],
  ]
  for (const [title, headers] of NONE) {
    it(`${title} is no key`, () => expect(find(headers)).to.deep.equal({ kind: 'none' }))
  }

  it('S12, F33: different keys in two places are a conflict, whichever places these are', () => {
    const places: readonly ((key: string) => [Record<string, string>, string])[] = [
      (key) => [{ authorization: `Bearer ${key}` }, ''],
      (key) => [{ 'x-api-key': key }, ''],
      (key) => [{ 'x-goog-api-key': key }, ''],
      (key) => [{ 'api-key': key }, ''],
      (key) => [{}, `key=${key}`],
    ]
    for (const [one, first] of places.entries()) {
      for (const [other, second] of places.entries()) {
        if (one === other) continue
        const [headers, query] = first('a')
        const [more, rest] = second('b')
        expect(find({ ...headers, ...more }, query + rest), `${one} ${other}`).to.deep.equal({ kind: 'conflict' })
      }
    }
    expect(find({}, 'key=a&key=b')).to.deep.equal({ kind: 'conflict' })
  })
})
