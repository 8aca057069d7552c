import { expect } from 'chai'
import { createCollector } from '../../../protocols/ir/collect.ts'
import type { Part } from '../../../protocols/ir/part.ts'
import { ollama } from '../../../protocols/ollama/index.ts'
import { cutAt } from '../framing/cut.ts'
import { DONE, decodeStream, lineOf, streamOf } from './exchange.ts'

const TAGGED = '<think>\nIs it? Ünder 1 < 2.\n</think>\n\nYes <b>.'
const PARTS: readonly Part[] = [
  { type: 'reasoning', text: 'Is it? Ünder 1 < 2.\n' },
  { type: 'text', text: 'Yes <b>.' },
]
const WRITES_TAGS = { thinkTags: true }

function partsOf(chunks: readonly Uint8Array[], facts = WRITES_TAGS): readonly Part[] | undefined {
  const collector = createCollector()
  for (const event of decodeStream(chunks, facts).events) collector.push(event)
  const { result } = collector
  return result !== undefined && 'response' in result ? result.response.choices[0]?.parts : undefined
}

describe('thoughts that a model writes into its text', () => {
  it('Q26, trap 95: are thoughts in a whole answer', () => {
    const answer = { ...DONE, message: { role: 'assistant', content: TAGGED } }
    const parts = (facts: object) => ollama.response.decode(answer, { facts }).value.choices[0]?.parts
    expect(parts(WRITES_TAGS)).to.deep.equal(PARTS)
    expect(parts({}), 'not where nobody knows that it does so').to.deep.equal([{ type: 'text', text: TAGGED }])
  })

  it('Q26, trap 56: are thoughts in a stream, wherever it is cut', () => {
    for (let cut = 1; cut < TAGGED.length; cut++) {
      const lines = [TAGGED.slice(0, cut), TAGGED.slice(cut)].map((content) => lineOf({ content }))
      expect(partsOf([streamOf(...lines, DONE)]), `cut at ${cut}`).to.deep.equal(PARTS)
    }
    const pieces = [...TAGGED].map((content) => lineOf({ content }))
    expect(partsOf([streamOf(...pieces, DONE)])).to.deep.equal(PARTS)
    const bytes = streamOf(lineOf({ content: TAGGED }), DONE)
    expect(partsOf(cutAt(bytes, [70, 90]))).to.deep.equal(PARTS)
  })

  it('trap 62: before a call, they and it stay what they are', () => {
    const call = { function: { name: 'look', arguments: { a: 1 } } }
    const lines = [lineOf({ content: '<think>hm</thi' }), lineOf({ content: 'nk>' }), lineOf({ tool_calls: [call] })]
    const parts = partsOf([streamOf(...lines, DONE)])
    expect(parts?.map(({ type }) => type)).to.deep.equal(['reasoning', 'tool-call'])
    expect(parts?.[0]).to.deep.equal({ type: 'reasoning', text: 'hm' })
  })

  it('Q27: are all there is when the answer ends in them', () => {
    expect(partsOf([streamOf(lineOf({ content: '<think>hm</thi' }), DONE)])).to.deep.equal([
      { type: 'reasoning', text: 'hm</thi' },
    ])
  })
})
