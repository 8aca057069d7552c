import { expect } from 'chai'
import fc from 'fast-check'
import { createThinkTagSplitter, type TaggedPiece } from '../../../protocols/ir/think-tag.ts'

function split(pieces: readonly string[]): { reasoning: string; text: string; pieces: readonly TaggedPiece[] } {
  const said: TaggedPiece[] = []
  const splitter = createThinkTagSplitter((piece) => said.push(piece))
  for (const piece of pieces) splitter.push(piece)
  splitter.end()
  const join = (type: TaggedPiece['type']) => said.map((piece) => (piece.type === type ? piece.text : '')).join('')
  return { reasoning: join('reasoning'), text: join('text'), pieces: said }
}

describe('thoughts in a text', () => {
  const TEXTS: readonly (readonly [title: string, text: string, reasoning: string, rest: string])[] = [
    ['stand between tags, without the line ends around them', '<think>\nhm\n</think>\n\nyes', 'hm\n', 'yes'],
    ['need no line ends', '<think>hm</think>yes', 'hm', 'yes'],
    ['may be all there is', '<think>hm</think>', 'hm', ''],
    ['may be empty', '<think>\n\n</think>\n\nyes', '', 'yes'],
    ['Q27: may be cut off', '<think>hm', 'hm', ''],
    ['Q27: may be cut off inside the closing tag', '<think>hm</thi', 'hm</thi', ''],
    ['hold other tags', '<think>a < b </b> c</think>yes', 'a < b </b> c', 'yes'],
    ['are none after a word', 'so <think>hm</think>', '', 'so <think>hm</think>'],
    ['are none in half a tag', '<thi', '', '<thi'],
    ['are none in another tag', '<thinking>hm', '', '<thinking>hm'],
    ['come once', '<think>a</think><think>b</think>', 'a', '<think>b</think>'],
  ]
  for (const [title, text, reasoning, rest] of TEXTS) {
    it(title, () => expect(split([text])).to.include({ reasoning, text: rest }))
  }

  it('trap 56, trap 62: are found however the text is cut', () => {
    const word = fc.constantFrom('<think>', '</think>', '<', '</', 'think>', '\n', 'a', ' b', '>')
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), fc.array(fc.nat(60), { maxLength: 8 }), (words, cuts) => {
        const text = words.join('')
        const marks = [0, ...cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b), text.length]
        const pieces = marks.slice(1).map((end, index) => text.slice(marks[index], end))
        const { reasoning, text: rest } = split([text])
        expect(split(pieces)).to.include({ reasoning, text: rest })
        expect(split([...text])).to.include({ reasoning, text: rest })
      }),
      { numRuns: 500 },
    )
  })

  it('hold back no text that cannot be a tag', () => {
    const said: TaggedPiece[] = []
    const splitter = createThinkTagSplitter((piece) => said.push(piece))
    splitter.push('<b')
    expect(said).to.deep.equal([{ type: 'text', text: '<b' }])
    splitter.push('<think')
    expect(said).to.have.length(2)
  })
})
