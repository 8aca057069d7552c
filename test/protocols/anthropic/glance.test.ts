import { expect } from 'chai'
import fc from 'fast-check'
import { anthropic } from '../../../protocols/anthropic/index.ts'
import { failureOf, wireFor } from './exchange.ts'

const HELLO = { model: 'm', messages: [{ role: 'user', content: 'Hi' }] }
const bytesOf = (value: unknown) => new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value))
const glance = (members: object, path?: string) =>
  anthropic.request.glance(wireFor(path), bytesOf({ ...HELLO, ...members }))

describe('anthropic: glance', () => {
  it('B063, B064: what every request has is missed in the same words as later', () => {
    const messageOf = (body: object) => failureOf(() => anthropic.request.glance(wireFor(), bytesOf(body))).message
    expect(messageOf({ model: 'm' })).to.equal('Missing required field: messages')
    expect(messageOf({ messages: HELLO.messages })).to.equal('Missing required field: model')
  })

  const REFUSED: readonly (readonly [title: string, members: object, param: string])[] = [
    ['A133: no messages', { messages: [] }, 'messages'],
    ['A133: messages that are no list', { messages: 'x' }, 'messages'],
    ['messages that are null', { messages: null }, 'messages'],
    ['a model that is no name', { model: 5 }, 'model'],
    ['an empty model', { model: '' }, 'model'],
    ['a model that is null', { model: null }, 'model'],
    ['a stream that is a word', { stream: 'yes' }, 'stream'],
    ['A135: a temperature of 2.1', { temperature: 2.1 }, 'temperature'],
    ['a limit of 0', { max_tokens: 0 }, 'max_tokens'],
    ['a top_p of 2', { top_p: 2 }, 'top_p'],
    ['a negative top_k', { top_k: -1 }, 'top_k'],
  ]
  for (const [title, members, param] of REFUSED) {
    it(`${title} is refused by name`, () => {
      expect(failureOf(() => glance(members))).to.include({ kind: 'bad-request', param, source: 'proxy' })
    })
  }

  const BROKEN: readonly (readonly [title: string, body: string])[] = [
    ['nothing', ''],
    ['a number', '5'],
    ['a list', '[]'],
    ['null', 'null'],
    ['a trailing comma', '{"model":"m",}'],
    ['an open object', '{"model":"m"'],
    ['a broken name', '{"model":"\\x"}'],
  ]
  for (const [title, body] of BROKEN) {
    it(`F8: ${title} is refused with line and column`, () => {
      const error = failureOf(() => anthropic.request.glance(wireFor(), bytesOf(body)))
      expect(error.kind).to.equal('bad-request')
      if (title !== 'a broken name') expect(error.message).to.match(/line \d+, column \d+/)
    })
  }

  it('null is absent', () => {
    expect(glance({ stream: null, temperature: null, max_tokens: null, tools: null, thinking: null })).to.deep.include({
      stream: false,
      thinking: false,
    })
  })
  it('A138: a stream is asked for, but never of a count', () => {
    expect(glance({ stream: true }).stream).to.equal(true)
    expect(glance({ stream: false }).stream).to.equal(false)
    expect(glance({ stream: true }, '/v1/messages/count_tokens').stream).to.equal(false)
  })

  const THINKING: readonly (readonly [thinking: unknown, expected: boolean])[] = [
    [true, true],
    [false, false],
    [{ type: 'enabled', budget_tokens: 2000 }, true],
    [{ type: 'adaptive' }, true],
    [{ type: 'disabled' }, false],
    [{}, false],
    ['enabled', false],
    [undefined, false],
  ]
  for (const [thinking, expected] of THINKING) {
    it(`A077, X20: thinking ${JSON.stringify(thinking)} is ${expected}`, () =>
      expect(glance({ thinking }).thinking).to.equal(expected))
  }

  const NEEDS: readonly (readonly [title: string, members: object, needs: object])[] = [
    ['nothing', {}, { tools: false, images: false, audio: false, files: false }],
    ['tools', { tools: [{ name: 'f' }] }, { tools: true }],
    ['no tools', { tools: [] }, { tools: false }],
    ['no tools, with blanks', {}, { tools: false }],
    [
      'an image',
      { messages: [{ role: 'user', content: [{ type: 'image', source: {} }] }] },
      { images: true, files: false },
    ],
    [
      'a document',
      { messages: [{ role: 'user', content: [{ type: 'document', source: {} }] }] },
      { files: true, images: false },
    ],
    [
      'an uploaded file',
      { messages: [{ role: 'user', content: [{ type: 'container_upload', file_id: 'f' }] }] },
      { files: true },
    ],
    [
      'an image in a result',
      { messages: [{ role: 'user', content: [{ type: 'tool_result', content: [{ type: 'image' }] }] }] },
      { images: true },
    ],
    ['the word image alone', { messages: [{ role: 'user', content: 'type: image' }] }, { images: false }],
    [
      'an image in the schema of a tool',
      { tools: [{ name: 'f', input_schema: { type: 'image' } }] },
      { images: false },
    ],
  ]
  for (const [title, members, needs] of NEEDS) {
    it(`needs: ${title}`, () => expect(glance(members).needs).to.deep.include(needs))
  }
  it('needs: a list of blanks is empty', () => {
    const body = '{"model":"m","messages":[{"role":"user","content":"x"}],"tools":[ \n ]}'
    expect(anthropic.request.glance(wireFor(), bytesOf(body)).needs.tools).to.equal(false)
  })

  it('trap 110: base64 is no text', () => {
    const data = Buffer.alloc(30_000, 7).toString('base64')
    const source = { type: 'base64', media_type: 'image/png', data }
    const withImage = glance({ messages: [{ role: 'user', content: [{ type: 'image', source }] }] }).textBytes
    expect(withImage).to.be.lessThan(300)
    expect(glance({ system: 'word '.repeat(1000) }).textBytes).to.be.greaterThan(5000)
  })
  it('the last of two equal names counts, as everywhere', () => {
    const body = '{"model":"a","messages":[1],"model":"b"}'
    expect(anthropic.request.glance(wireFor(), bytesOf(body)).model).to.equal('b')
  })
})

describe('anthropic: rename', () => {
  const rename = (body: string, model: string) =>
    new TextDecoder().decode(anthropic.request.rename(bytesOf(body), model))

  it('only the model changes, byte for byte', () => {
    expect(rename('{ "a" : 1.0,\n "model" : "old" , "b":[]}', 'new/"name"')).to.equal(
      '{ "a" : 1.0,\n "model" : "new/\\"name\\"" , "b":[]}',
    )
  })
  it('a model inside is another thing', () => {
    expect(rename('{"tools":[{"model":"x"}],"model":"old"}', 'new')).to.equal('{"tools":[{"model":"x"}],"model":"new"}')
  })
  it('the same name gives the same bytes', () => {
    const body = bytesOf('{"model":"m"}')
    expect(anthropic.request.rename(body, 'm')).to.equal(body)
  })
  it('what is no object is refused', () => {
    expect(failureOf(() => anthropic.request.rename(bytesOf('[]'), 'm')).kind).to.equal('bad-request')
  })
  it('whatever a request is, it is the same with another model', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.string(), fc.string(), (others, before, after) => {
        const body = JSON.stringify({ ...others, model: before })
        expect(JSON.parse(rename(body, after))).to.deep.equal(JSON.parse(JSON.stringify({ ...others, model: after })))
      }),
    )
  })
})
