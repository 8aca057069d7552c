/** Log probabilities cross over wherever both protocols tell them, and are reported where one does not. */
import { expect } from 'chai'
import { codecs } from '../../protocols/index.ts'
import type { Logprobs } from '../../protocols/ir/logprobs.ts'
import { playResponse } from '../../protocols/ir/play.ts'
import type { ChatResponse } from '../../protocols/ir/response.ts'
import { replyFor } from '../fidelity/translate.ts'

const TOP = { token: 'é', logprob: -0.25, bytes: [195, 169] }
const TOKENS = [{ ...TOP, top_logprobs: [TOP] }]
/** As some servers tell them: without bytes and alternatives. */
const BARE = [{ token: 'é', logprob: -0.25 }]

const answerWith = (logprobs: Logprobs): ChatResponse => ({
  id: 'x',
  model: 'm',
  choices: [{ index: 0, parts: [{ type: 'text', text: 'é' }], finish: { reason: 'stop' }, logprobs }],
})

/** Where each protocol has its list; absent: it tells none in this form. */
const PLACES: Readonly<Record<string, (body: any) => unknown>> = {
  'openai-chat': (body) => body.choices[0].logprobs?.content,
  'openai-responses': (body) => body.output[0].content[0].logprobs,
  ollama: (body) => body.logprobs,
}

describe('log probabilities of an answer', () => {
  for (const codec of codecs) {
    const place = PLACES[codec.name]
    for (const [title, content] of [
      ['whole', TOKENS],
      ['bare', BARE],
    ] as const) {
      it(`that another protocol tells ${title} ${place === undefined ? 'are reported by' : 'are told by'} ${codec.name}, plain and streamed`, () => {
        const answer = answerWith({ protocol: 'other', value: { content } })
        const { body, losses } = codec.response.encode(answer, replyFor(codec))
        const encoder = codec.stream.encoder(replyFor(codec))
        let text = ''
        playResponse(answer, (event) => {
          text += encoder.encode(event)
        })
        const lost = [...losses, ...encoder.losses].map(({ path }) => path)
        if (place === undefined) {
          expect(lost).to.deep.equal(['choices.0.logprobs', 'choices.0.logprobs'])
          return
        }
        const [token] = TOKENS
        const expected = [{ ...token, top_logprobs: title === 'whole' ? [TOP] : [] }]
        expect(place(JSON.parse(JSON.stringify(body)))).to.deep.equal(expected)
        expect(text).to.contain(JSON.stringify(expected))
        expect(lost).to.deep.equal([])
      })
    }

    it(`in a form that only another protocol has are reported by ${codec.name}`, () => {
      const { losses } = codec.response.encode(answerWith({ protocol: 'other', value: { odd: [1] } }), replyFor(codec))
      expect(losses.map(({ path }) => path)).to.deep.equal(['choices.0.logprobs'])
    })
  }
})
