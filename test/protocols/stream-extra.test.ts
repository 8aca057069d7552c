import { expect } from 'chai'
import { codecs } from '../../protocols/index.ts'
import type { PartHead } from '../../protocols/ir/event.ts'

const extra = { protocol: 'tomorrow', fields: { unheard: 1 } }
const HEADS: readonly PartHead[] = [
  { type: 'text', extra },
  { type: 'reasoning', extra },
  { type: 'refusal', extra },
  { type: 'tool-call', id: 'c', name: 'f', extra },
]

describe('members of another protocol on a streamed part', () => {
  for (const codec of codecs) {
    for (const head of HEADS) {
      it(`are told as lost by ${codec.name}: ${head.type}`, () => {
        const endpoint = codec.endpoints.find(({ operation }) => operation === 'chat')
        if (endpoint === undefined) throw new Error(`${codec.name} has no chat`)
        const encoder = codec.stream.encoder({
          id: 'x1',
          createdAt: 1,
          askedModel: 'm',
          servedModel: 'a/m',
          streamUsage: true,
          estimatedInputTokens: 1,
          wire: { endpoint, params: {}, query: new URLSearchParams('alt=sse'), headers: {} },
        })
        const place = { part: 0, choice: 0 }
        const delta = head.type === 'tool-call' ? { arguments: '{}' } : { text: 'x' }
        encoder.encode({ type: 'start' })
        encoder.encode({ type: 'part-start', ...place, head })
        encoder.encode({ type: 'part-delta', ...place, delta })
        encoder.encode({ type: 'part-end', ...place })
        encoder.encode({ type: 'finish', finishes: [{ choice: 0, reason: 'stop' }] })
        expect(encoder.losses.map(({ path }) => path)).to.include('choices.0.parts.0.unheard')
      })
    }
  }
})
