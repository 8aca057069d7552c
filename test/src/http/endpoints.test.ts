import { expect } from 'chai'
import type { Codec, Endpoint } from '../../../protocols/codec.ts'
import { codecs } from '../../../protocols/index.ts'
import { createEndpointTable, type FoundEndpoint, type MissedEndpoint } from '../../../src/http/endpoints.ts'
import { locate } from '../../../src/http/path.ts'

/** Only what the table reads of a codec. */
function makeCodec(name: string, endpoints: Endpoint[], forwardedHeaders: string[] = []): Codec {
  return { name, endpoints, forwardedHeaders } as unknown as Codec
}

const alpha = makeCodec('alpha', [
  { method: 'POST', path: '/v1/chat/completions', operation: 'chat' },
  { method: 'GET', path: '/v1/models', operation: 'list-models' },
  { method: 'GET', path: '/v1/models/{model}', operation: 'get-model' },
])
const beta = makeCodec(
  'beta',
  [
    { method: 'POST', path: '/v1/messages', operation: 'chat' },
    { method: 'POST', path: '/v1/messages/count', operation: 'count-tokens' },
    { method: 'GET', path: '/v1/models', operation: 'list-models', header: 'beta-version' },
    { method: 'GET', path: '/v1/models/{model}', operation: 'get-model', header: 'beta-version' },
  ],
  ['beta-feature'],
)
const gamma = makeCodec('gamma', [
  { method: 'POST', path: '/v2/{owner}/talk/{model}', operation: 'chat' },
  { method: 'POST', path: '/v2/fixed/talk', operation: 'chat' },
])
const table = createEndpointTable([alpha, beta, gamma])

function find(method: string, path: string, headers: Record<string, string> = {}) {
  return table.find(method, path.split('/').slice(1), headers)
}

function found(method: string, path: string, headers: Record<string, string> = {}): FoundEndpoint {
  const match = find(method, path, headers)
  if (match.kind !== 'found') throw new Error(`${path}: ${match.kind}`)
  return match
}

function missed(method: string, path: string, headers: Record<string, string> = {}): MissedEndpoint {
  const match = find(method, path, headers)
  if (match.kind === 'found') throw new Error(`${path} was found`)
  return match
}

describe('http/endpoints', () => {
  it('every endpoint of every codec is found by its own path', () => {
    for (const codec of [alpha, beta, gamma]) {
      for (const endpoint of codec.endpoints) {
        const path = endpoint.path.replaceAll(/\{(\w+)\}/g, 'some-$1')
        const headers = endpoint.header === undefined ? {} : { [endpoint.header]: '1' }
        const match = found(endpoint.method, path, headers)
        expect(match.endpoint).to.equal(endpoint)
        expect(match.codec).to.equal(codec)
        const names = [...endpoint.path.matchAll(/\{(\w+)\}/g)].map((one) => one[1]!)
        expect(match.params).to.deep.equal(Object.fromEntries(names.map((name) => [name, `some-${name}`])))
      }
    }
  })

  it('lesson 2: codecs that share a path are told apart by the header', () => {
    expect(found('GET', '/v1/models').codec).to.equal(alpha)
    expect(found('GET', '/v1/models', { 'beta-version': '2024' }).codec).to.equal(beta)
    expect(found('GET', '/v1/models/x', { 'beta-version': '' }).codec).to.equal(beta)
  })

  it('the order of codecs does not decide who is told apart by a header', () => {
    const turned = createEndpointTable([gamma, beta, alpha])
    expect((turned.find('GET', ['v1', 'models'], {}) as FoundEndpoint).codec).to.equal(alpha)
    expect((turned.find('GET', ['v1', 'models'], { 'beta-version': '1' }) as FoundEndpoint).codec).to.equal(beta)
  })

  it('a name at the end takes all that is left, in the middle one segment', () => {
    expect(found('GET', '/v1/models/vendor/name:free').params).to.deep.equal({ model: 'vendor/name:free' })
    const escaped = table.find('GET', ['v1', 'models', 'vendor/name:free'], {}) as FoundEndpoint
    expect(escaped.params).to.deep.equal({ model: 'vendor/name:free' })
    expect(found('POST', '/v2/me/talk/a/b').params).to.deep.equal({ owner: 'me', model: 'a/b' })
  })

  it('fixed segments go before names', () => {
    expect(found('POST', '/v2/fixed/talk').endpoint.path).to.equal('/v2/fixed/talk')
    expect(found('POST', '/v2/fixed/talk/m').params).to.deep.equal({ owner: 'fixed', model: 'm' })
  })

  it('a name takes at least one segment', () => {
    expect(missed('POST', '/v2/me/talk').kind).to.equal('unknown-path')
  })

  it('HEAD is served as GET', () => {
    expect(found('HEAD', '/v1/models').endpoint.operation).to.equal('list-models')
  })

  it('F13: a wrong method is told with those that are right, in the envelope of the path’s codec', () => {
    expect(missed('GET', '/v1/messages')).to.deep.equal({ kind: 'wrong-method', codec: beta, allowed: ['POST'] })
    expect(missed('DELETE', '/v1/models', { 'beta-version': '1' })).to.deep.include({ codec: beta, allowed: ['GET'] })
    expect(missed('TRACE', '/v1/models').codec).to.equal(alpha)
  })

  describe('F13, lesson 16: an unknown path', () => {
    it('is told by the codec whose headers are there, else the first', () => {
      expect(missed('POST', '/v1/nothing').codec).to.equal(alpha)
      expect(missed('POST', '/v1/nothing', { 'beta-version': '1' }).codec).to.equal(beta)
      expect(missed('POST', '/v1/nothing', { 'beta-feature': 'x' }).codec).to.equal(beta)
      expect(missed('GET', '/v1/nothing').nearest).to.equal(undefined)
    })

    const NEAREST = [
      ['K2: a doubled version', '/v1/v1/messages', '/v1/messages', beta],
      ['K2: a forgotten version', '/chat/completions', '/v1/chat/completions', alpha],
      ['another version', '/v1beta/messages', '/v1/messages', beta],
      ['capitals', '/V1/Messages', '/v1/messages', beta],
      ['a prefix of others', '/openai/v1/chat/completions', '/v1/chat/completions', alpha],
      ['a second group', '/other/v1/messages', '/v1/messages', beta],
      ['a doubled version before a model', '/v1/v1/models/vendor/a b', '/v1/models/vendor/a%20b', alpha],
      ['the longer of two that fit', '/messages/count', '/v1/messages/count', beta],
      ['a name in the middle', '/v1/me/talk/m', '/v2/me/talk/m', gamma],
    ] as const
    for (const [title, path, nearest, codec] of NEAREST) {
      it(`${title} is told what was meant: ${path}`, () => {
        const miss = missed('POST', path)
        expect(miss.kind).to.equal('unknown-path')
        expect(miss.nearest).to.equal(nearest)
        expect(miss.codec).to.equal(codec)
      })
    }

    it('a suggestion prefers the codec of the headers', () => {
      expect(missed('GET', '/models', { 'beta-version': '1' })).to.deep.include({ nearest: '/v1/models', codec: beta })
      expect(missed('GET', '/models')).to.deep.include({ nearest: '/v1/models', codec: alpha })
    })

    it('every suggestion is a path that is served', () => {
      for (const [, path] of NEAREST) {
        const { nearest } = missed('POST', path)
        expect(find('OPTIONS', nearest ?? '').kind, nearest).to.equal('wrong-method')
      }
    })
  })

  describe('with the codecs that there are', () => {
    const real = createEndpointTable(codecs)
    const PREFIXES = ['', '/compat', '/compat_mode', '/team', '/team/compat', '/switch', '/switch/compat_mode'] as const
    for (const prefix of PREFIXES) {
      it(`CS1, CS2, CS6: every endpoint is served below "${prefix}", its model with a slash in its name`, () => {
        for (const codec of codecs) {
          for (const endpoint of codec.endpoints) {
            const path = endpoint.path.replace('{model}', 'vendor%2Fname').replaceAll(/\{\w+\}/g, 'some')
            const located = locate(`${prefix}${path}?beta=true`)
            if ('problem' in located) throw new Error(located.message)
            const headers = endpoint.header === undefined ? {} : { [endpoint.header]: 'x' }
            const match = real.find(endpoint.method, located.path, headers)
            expect(match.kind, endpoint.path).to.equal('found')
            expect(match.codec.name).to.equal(codec.name)
            if (match.kind !== 'found') continue
            for (const [name, value] of Object.entries(match.params))
              expect(value).to.equal(name === 'model' ? 'vendor/name' : 'some')
          }
        }
      })
    }
  })

  describe('names with an ending', () => {
    const acting = makeCodec('acting', [
      { method: 'POST', path: '/v1/models/{model}:speak', operation: 'chat' },
      { method: 'POST', path: '/v1/models/{model}:count', operation: 'count-tokens' },
      { method: 'POST', path: '/v3/{model}:speak', operation: 'chat' },
    ])
    const both = createEndpointTable([alpha, acting])
    const at = (method: string, path: string) => both.find(method, path.split('/').slice(1), {})

    const FOUND = [
      ['parted by a colon', '/v1/models/m:speak', 'm', 'chat'],
      ['lesson 4: parted by a slash', '/v1/models/m/speak', 'm', 'chat'],
      ['lesson 6: the last colon parts', '/v1/models/qwen3:8b:count', 'qwen3:8b', 'count-tokens'],
      ['trap 133: behind a name with slashes', '/v1/models/vendor/name:speak', 'vendor/name', 'chat'],
      ['both', '/v1/models/vendor/name:free/speak', 'vendor/name:free', 'chat'],
      ['K7: without the collection', '/v3/vendor/name:speak', 'vendor/name', 'chat'],
    ] as const
    for (const [title, path, model, operation] of FOUND) {
      it(`${title}: ${path}`, () => {
        const match = at('POST', path)
        if (match.kind !== 'found') throw new Error(match.kind)
        expect(match.params).to.deep.equal({ model })
        expect(match.endpoint.operation).to.equal(operation)
      })
    }

    it('trap 133: an escaped slash and an escaped colon are those of the name and of the action', () => {
      const match = both.find('POST', ['v1', 'models', 'vendor/name:speak'], {}) as FoundEndpoint
      expect(match.params).to.deep.equal({ model: 'vendor/name' })
    })

    it('the same name without an ending is what it was', () => {
      const match = at('GET', '/v1/models/qwen3:8b') as FoundEndpoint
      expect(match.codec).to.equal(alpha)
      expect(match.params).to.deep.equal({ model: 'qwen3:8b' })
      expect(at('POST', '/v1/models/m')).to.deep.include({ kind: 'wrong-method', codec: alpha, allowed: ['GET'] })
    })

    it('CS3: an unknown action leads nowhere, in the envelope of the codec that has actions', () => {
      for (const path of ['/v1/models/m:sing', '/v1/models/:speak', '/v3/m:sing']) {
        expect(at('POST', path), path).to.deep.include({ kind: 'unknown-path', codec: acting })
      }
      expect(at('GET', '/v3/m:sing')).to.deep.include({ kind: 'unknown-path', codec: acting })
      expect(at('GET', '/v3/m').kind).to.equal('unknown-path')
    })

    it('a known action with a wrong method is told the right one', () => {
      expect(at('GET', '/v1/models/m:speak')).to.deep.include({ kind: 'wrong-method', allowed: ['POST'] })
    })

    it('a doubled or forgotten version before an action is told what was meant', () => {
      for (const [path, nearest] of [
        ['/v1/v1beta/models/vendor/qwen3:8b:count', '/v1/models/vendor/qwen3:8b:count'],
        ['/models/m:speak', '/v1/models/m:speak'],
      ] as const) {
        expect(at('POST', path)).to.deep.include({ kind: 'unknown-path', nearest })
        expect(at('POST', nearest).kind).to.equal('found')
      }
    })
  })

  it('names of the prototype are no paths', () => {
    for (const path of ['/__proto__', '/constructor', '/v1/toString'])
      expect(missed('GET', path).kind).to.equal('unknown-path')
  })

  it('needs at least one codec', () => {
    expect(() => createEndpointTable([])).to.throw('at least one codec')
  })
})
