import { expect } from 'chai'
import fc from 'fast-check'
import { openaiChat } from '../../../protocols/openai-chat/index.ts'
import { bytesOf, failureOf, WIRE } from './exchange.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const glance = (members: object) =>
  openaiChat.request.glance(WIRE, bytesOf({ model: 'm', messages: [{ role: 'user', content: 'Hi' }], ...members }))
const part = (value: object) => ({ messages: [{ role: 'user', content: [value] }] })

describe('a glance at a request', () => {
  it('sees the model and whether it is to stream', () => {
    expect(glance({})).to.include({ model: 'm', stream: false, thinking: false })
    expect(glance({ model: 'a/b', stream: true })).to.include({ model: 'a/b', stream: true })
    expect(glance({ stream: null })).to.include({ stream: false })
  })

  const NEEDS: readonly (readonly [title: string, members: object, needs: string[]])[] = [
    ['nothing', {}, []],
    ['tools', { tools: [{ type: 'function' }] }, ['tools']],
    ['the functions of old', { functions: [{ name: 'f' }] }, ['tools']],
    ['no tools in an empty list', { tools: [], functions: [] }, []],
    ['no tools where they are null', { tools: null }, []],
    ['pictures', part({ type: 'image_url', image_url: { url: 'u' } }), ['images']],
    ['pictures in a tool result', { messages: [{ role: 'tool', content: [{ type: 'image_url' }] }] }, ['images']],
    ['sounds', part({ type: 'input_audio' }), ['audio']],
    ['documents', part({ type: 'file', file: {} }), ['files']],
    ['a document without its type', part({ file_data: 'x' }), ['files']],
    ['Mistral’s documents', part({ type: 'document_url' }), ['files']],
    ['no picture in a text about one', part({ type: 'text', text: '{"type":"image_url"}' }), []],
    ['no picture in a tool’s schema', { tools: [{ type: 'image_url' }] }, ['tools']],
  ]
  for (const [title, members, needs] of NEEDS) {
    it(`sees that it needs ${title}`, () => {
      const found = Object.entries(glance(members).needs).flatMap(([name, is]) => (is ? [name] : []))
      expect(found).to.deep.equal(needs)
    })
  }

  const THINKING: readonly (readonly [members: object, thinking: boolean])[] = [
    [{ reasoning_effort: 'low' }, true],
    [{ reasoning_effort: 'none' }, false],
    [{ reasoning_effort: null }, false],
    [{ reasoning: { effort: 'low' } }, true],
    [{ reasoning: { enabled: false } }, false],
    [{ reasoning: { effort: 'none' } }, false],
    [{ thinking: { type: 'enabled' } }, true],
    [{ thinking: { type: 'disabled' } }, false],
    [{ enable_thinking: true }, true],
    [{ enable_thinking: false }, false],
  ]
  for (const [members, thinking] of THINKING) {
    it(`sees that ${JSON.stringify(members)} asks for ${thinking ? '' : 'no '}thoughts`, () => {
      expect(glance(members).thinking).to.equal(thinking)
    })
  }

  it('counts the text and not the pictures', () => {
    const url = `data:image/png;base64,${'A'.repeat(100_000)}`
    expect(glance(part({ type: 'image_url', image_url: { url } })).textBytes).to.be.lessThan(500)
    expect(glance(part({ type: 'text', text: 'some words '.repeat(10_000) })).textBytes).to.be.greaterThan(100_000)
  })

  const WRONG: readonly (readonly [body: string, message: RegExp, param?: string])[] = [
    ['{"messages":[]}', /^Missing required field: model$/, 'model'],
    ['{"model":"m"}', /^Missing required field: messages$/, 'messages'],
    ['{"model":5,"messages":[]}', /^model: expected a string/, 'model'],
    ['{"model":null,"messages":[]}', /^model: expected a string, got null/, 'model'],
    ['{"model":"m","messages":"x"}', /^messages: expected an array/, 'messages'],
    ['{"model":"m","messages":null}', /^messages: expected an array/, 'messages'],
    ['{"model":"m","messages":[],"stream":"yes"}', /^stream: expected true or false/, 'stream'],
    ['{"model":"m","messages":[],"reasoning":"x"}', /^reasoning: expected an object/, 'reasoning'],
    ['', /line 1, column 1/],
    ['null', /line 1, column 1/],
    ['[]', /line 1, column 1/],
    ['{"model":"m",\n "messages":[],}', /line 2, column 16/],
    ['{"model":"\\x","messages":[]}', /line 1, column 11/],
    ['{"model":"m"', /line 1/],
  ]
  for (const [body, message, param] of WRONG) {
    it(`F8, F12: refuses ${JSON.stringify(body)}`, () => {
      const error = failureOf(() => openaiChat.request.glance(WIRE, bytes(body)))
      expect(error).to.include({ kind: 'bad-request', source: 'proxy' })
      expect(error.message).to.match(message)
      expect(error.param).to.equal(param)
    })
  }

  it('F9: refuses a body that is all depth, in a moment', () => {
    const started = performance.now()
    expect(failureOf(() => openaiChat.request.glance(WIRE, bytes(`{"model":${'['.repeat(5_000_000)}`))).kind).to.equal(
      'bad-request',
    )
    expect(performance.now() - started).to.be.lessThan(1000)
  })
})

describe('a request for another model', () => {
  const rename = (text: string, model: string) =>
    new TextDecoder().decode(openaiChat.request.rename(bytes(text), model))

  it('is the same in every byte but the name', () => {
    expect(rename('{ "model" : "a",\t"messages":[1e2] }', 'b"c')).to.equal('{ "model" : "b\\"c",\t"messages":[1e2] }')
  })

  it('is not copied where the name is the same', () => {
    const body = bytes('{"model":"a"}')
    expect(openaiChat.request.rename(body, 'a')).to.equal(body)
  })

  it('F11: names the new one wherever the old one stood', () => {
    expect(rename('{"model":"a","model":"b"}', 'c')).to.equal('{"model":"c","model":"c"}')
  })

  it('names no model inside', () => {
    const text = '{"metadata":{"model":"x"},"model":"a","messages":[{"content":"\\"model\\":\\"a\\""}]}'
    expect(JSON.parse(rename(text, 'b'))).to.deep.equal({ ...JSON.parse(text), model: 'b' })
  })

  it('is what JSON.parse would have changed, for any request', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.string(), fc.string(), (members, from, to) => {
        const body = { ...members, model: from }
        const renamed = openaiChat.request.rename(bytesOf(body), to)
        expect(JSON.parse(new TextDecoder().decode(renamed))).to.deep.equal(
          JSON.parse(JSON.stringify({ ...body, model: to })),
        )
      }),
    )
  })
})
