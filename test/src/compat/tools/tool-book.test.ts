import { expect } from 'chai'
import { createToolBook } from '../../../../src/compat/tools/tool-book.ts'

const BOOK = createToolBook([
  { type: 'function', name: 'get_weather', parameters: { properties: { city: {} } } },
  { type: 'function', name: 'list-files' },
  { type: 'function', name: 'ListFiles' },
])

const ROWS: readonly (readonly [title: string, written: string, meant: string | undefined])[] = [
  ['a name is found as it is', 'get_weather', 'get_weather'],
  ['without a namespace', 'functions.get_weather', 'get_weather'],
  ['but for case and punctuation', 'getWeather', 'get_weather'],
  ['exactly, where it would be ambiguous otherwise', 'ListFiles', 'ListFiles'],
  ['not at all, where two may be meant', 'list_files', undefined],
  ['not at all, where none is', 'fly', undefined],
]

describe('F16: the tools of a request', () => {
  for (const [title, written, meant] of ROWS) it(title, () => expect(BOOK.find(written)?.name).to.equal(meant))

  it('have the parameters that their schema names, and no others', () => {
    expect(BOOK.find('get_weather')?.property('city')).to.not.equal(undefined)
    expect(BOOK.find('get_weather')?.property('constructor')).to.equal(undefined)
  })

  it('may have a parameter of one type or another, where their schema is a union', () => {
    const branches = ['string', 'integer'].map((type) => ({ properties: { value: { type } } }))
    const tool = createToolBook([{ type: 'function', name: 't', parameters: { oneOf: branches } }]).find('t')
    expect(tool?.property('value')?.types).to.deep.equal(['string', 'integer'])
  })

  it('have tags named after their parameters in any case, if only one can be meant', () => {
    const parameters = { properties: { Path: {}, body: {}, BODY: {} } }
    const tool = createToolBook([{ type: 'function', name: 'write', parameters }]).find('write')
    expect(['path', 'Path', 'body', 'Body', 'x'].map((tag) => tool?.parameterOf(tag))).to.deep.equal([
      'Path',
      'Path',
      'body',
      undefined,
      undefined,
    ])
  })

  it('are all there are, where none were offered', () => {
    expect(createToolBook([]).find('anything')?.name).to.equal('anything')
  })
})
