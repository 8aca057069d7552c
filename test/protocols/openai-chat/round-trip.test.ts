import { expect } from 'chai'
import fc from 'fast-check'
import { openaiChat } from '../../../protocols/openai-chat/index.ts'
import { freeze, WIRE } from './exchange.ts'
import { anyRequest } from './random.ts'

describe('any request of this protocol', () => {
  it('goes through the interlingua and comes out as the same JSON, without a loss', () => {
    fc.assert(
      fc.property(anyRequest, (wire) => {
        // As it lies on the wire: no member is undefined there.
        const body = JSON.parse(JSON.stringify(wire))
        const { value, losses } = openaiChat.request.decode(WIRE, freeze(body))
        const sent = openaiChat.request.encode(freeze(value), {})
        expect(JSON.parse(JSON.stringify(sent.body))).to.deep.equal(body)
        expect([...losses, ...sent.losses]).to.deep.equal([])
      }),
      { numRuns: 1000 },
    )
  })

  it('is the same for each attempt', () => {
    fc.assert(
      fc.property(anyRequest, (body) => {
        const { value } = openaiChat.request.decode(WIRE, body)
        const facts = { replaysReasoning: true, issuer: 'someone', efforts: ['low'], refuses: ['mystery'] }
        const first = JSON.stringify(openaiChat.request.encode(value, facts))
        openaiChat.request.encode(value, {})
        expect(JSON.stringify(openaiChat.request.encode(value, facts))).to.equal(first)
      }),
      { numRuns: 200 },
    )
  })
})
