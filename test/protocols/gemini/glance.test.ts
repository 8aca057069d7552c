import { expect } from 'chai'
import { gemini } from '../../../protocols/gemini/index.ts'
import { ARRAY_WIRE, EVENTS_WIRE, failureOf, wireFor } from './exchange.ts'

const HELLO = { contents: [{ role: 'user', parts: [{ text: 'Hi' }] }] }
const glance = (members: object, line?: string) =>
  gemini.request.glance(wireFor(line), Buffer.from(JSON.stringify({ ...HELLO, ...members })))
const parts = (...list: object[]) => ({ contents: [{ role: 'user', parts: list }] })

describe('gemini: a first look at the bytes', () => {
  it('model and stream stand in the path', () => {
    const body = Buffer.from(JSON.stringify(HELLO))
    expect(gemini.request.glance(EVENTS_WIRE, body)).to.deep.include({ model: 'm', stream: true })
    expect(gemini.request.glance(EVENTS_WIRE, body)).to.not.have.property('irregular')
    expect(glance({}, '/v1beta/models/vendor/x:generateContent')).to.deep.include({ model: 'vendor/x', stream: false })
  })
  it('trap 29: a stream that is to be an array cannot be relayed', () =>
    expect(gemini.request.glance(ARRAY_WIRE, Buffer.from(JSON.stringify(HELLO)))).to.include({
      stream: true,
      irregular: true,
    }))

  const NEEDS: readonly (readonly [string, object, readonly string[]])[] = [
    ['text', {}, []],
    ['tools', { tools: [{ googleSearch: {} }] }, ['tools']],
    ['no tools', { tools: [] }, []],
    ['one tool', { tools: { functionDeclarations: [] } }, ['tools']],
    ['a picture', parts({ inlineData: { mimeType: 'image/png', data: 'AA==' } }), ['images']],
    ['snake_case', parts({ inline_data: { mime_type: 'image/png', data: 'AA==' } }), ['images']],
    ['sound', parts({ fileData: { mimeType: 'audio/mp3', fileUri: 'x' } }), ['audio']],
    ['a document', parts({ inlineData: { mimeType: 'application/pdf', data: 'AA==' } }), ['files']],
    ['a film', parts({ file_data: { mime_type: 'video/mp4', file_uri: 'x' } }), ['files']],
    ['words about pictures', parts({ text: 'What is "image/png" and "inlineData"?' }), []],
    ['a type that is asked for', { generationConfig: { responseMimeType: 'application/json' } }, []],
  ]
  for (const [title, members, needs] of NEEDS) {
    it(`${title}: needs ${needs.join() || 'nothing'}`, () => {
      const seen = Object.entries(glance(members).needs).flatMap(([name, wanted]) => (wanted ? [name] : []))
      expect(seen).to.deep.equal(needs)
    })
  }

  const THINKING: readonly (readonly [object, boolean])[] = [
    [{}, false],
    [{ generationConfig: {} }, false],
    [{ generationConfig: { thinkingConfig: { includeThoughts: true } } }, true],
    [{ generationConfig: { thinkingConfig: { includeThoughts: false } } }, false],
    [{ generation_config: { thinking_config: { thinking_budget: 10 } } }, true],
    [{ generationConfig: { thinkingConfig: { thinkingBudget: 0 } } }, false],
    [{ generationConfig: { thinkingConfig: { thinkingBudget: -1 } } }, true],
    [{ generationConfig: { thinkingConfig: { thinkingLevel: 'HIGH' } } }, true],
    [{ generationConfig: { thinkingConfig: { thinkingLevel: 'minimal' } } }, false],
    [{ generationConfig: { thinkingConfig: { thinkingLevel: 'THINKING_LEVEL_UNSPECIFIED' } } }, false],
  ]
  for (const [members, thinking] of THINKING) {
    it(`${JSON.stringify(members)} ${thinking ? 'asks' : 'does not ask'} for thoughts`, () =>
      expect(glance(members).thinking).to.equal(thinking))
  }

  it('trap 110: base64 is no text', () => {
    const data = 'A'.repeat(100_000)
    expect(glance(parts({ inlineData: { mimeType: 'image/png', data } })).textBytes).to.be.lessThan(500)
  })

  for (const body of [
    '',
    '[]',
    '{',
    '{}',
    '{"contents":null}',
    '{"contents":[]}',
    '{"contents":[ ]}',
    '{"contents":7}',
    '{"contents":[1],"contents":[]}',
  ]) {
    it(`F31: ${JSON.stringify(body)} is refused`, () =>
      expect(failureOf(() => gemini.request.glance(wireFor(), Buffer.from(body)))).to.include({ kind: 'bad-request' }))
  }

  describe('another model', () => {
    const rename = (text: string, model: string) =>
      Buffer.from(gemini.request.rename(Buffer.from(text), model)).toString()
    it('leaves the bytes of a request that names none as they are', () => {
      const body = Buffer.from('{ "contents" : [] }')
      expect(gemini.request.rename(body, 'new')).to.equal(body)
    })
    it('is written where one is named, in the same form', () => {
      expect(rename('{"model": "models/old", "a": 1.0}', 'new')).to.equal('{"model": "models/new", "a": 1.0}')
      expect(rename('{"model":"old"}', 'vendor/new')).to.equal('{"model":"vendor/new"}')
    })
    it('is written in every entry of a list to embed, and nowhere else', () => {
      const text =
        '{"requests": [ {"model":"models/a","content":{"parts":[{"text":"{\\"model\\": \\"x\\"}"}]}} ,{"content":{"model":"inner"},"model":"models/a"}]}'
      expect(rename(text, 'b')).to.equal(text.replaceAll('"models/a"', '"models/b"'))
    })
  })
})

describe('gemini: where a back end is called', () => {
  const ROWS = [
    [
      { model: 'gemini-2.5-flash', stream: false, operation: 'chat' },
      '/v1beta/models/gemini-2.5-flash:generateContent',
      '',
    ],
    [
      { model: 'gemini-2.5-flash', stream: true, operation: 'chat' },
      '/v1beta/models/gemini-2.5-flash:streamGenerateContent',
      'alt=sse',
    ],
    [{ model: 'models/x', stream: false, operation: 'count-tokens' }, '/v1beta/models/x:countTokens', ''],
    [
      { model: 'vendor/a b:free', stream: false, operation: 'embed' },
      '/v1beta/models/vendor/a%20b:free:embedContent',
      '',
    ],
    [{ model: 'x', stream: false, operation: 'embed', many: true }, '/v1beta/models/x:batchEmbedContents', ''],
    [{ model: 'tunedModels/x', stream: false, operation: 'chat' }, '/v1beta/tunedModels/x:generateContent', ''],
    [{ model: 'a?b#c', stream: false, operation: 'chat' }, '/v1beta/models/a%3Fb%23c:generateContent', ''],
  ] as const
  for (const [call, path, query] of ROWS) {
    it(`trap 133: ${JSON.stringify(call)}`, () => {
      const address = gemini.request.address(call)
      expect(address).to.include({ method: 'POST', path, query })
      expect(address.headers.accept).to.equal(call.stream ? 'text/event-stream' : 'application/json')
    })
  }
  it('a relayed list to embed goes where it was sent to, also with one entry', () => {
    const wire = wireFor('/v1beta/models/m:batchEmbedContents')
    const address = gemini.request.address({ model: 'x', stream: false, operation: 'embed', many: false, wire })
    expect(address.path).to.equal('/v1beta/models/x:batchEmbedContents')
  })
})
