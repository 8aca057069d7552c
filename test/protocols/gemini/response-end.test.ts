import { expect } from 'chai'
import { gemini } from '../../../protocols/gemini/index.ts'
import type { FinishReason } from '../../../protocols/ir/finish.ts'
import type { Choice } from '../../../protocols/ir/response.ts'
import type { Usage } from '../../../protocols/ir/usage.ts'
import { REPLY } from './exchange.ts'
import { answer, decode, encode } from './whole-answer.ts'

describe('gemini: a whole answer', () => {
  describe('why it ended', () => {
    const WORDS: readonly (readonly [unknown, FinishReason])[] = [
      ['STOP', 'stop'],
      ['MAX_TOKENS', 'length'],
      ['SAFETY', 'content-filter'],
      ['RECITATION', 'content-filter'],
      ['BLOCKLIST', 'content-filter'],
      ['PROHIBITED_CONTENT', 'content-filter'],
      ['SPII', 'content-filter'],
      ['IMAGE_SAFETY', 'content-filter'],
      ['MALFORMED_FUNCTION_CALL', 'error'],
      ['OTHER', 'error'],
      ['WORD_OF_TOMORROW', 'stop'],
      ['FINISH_REASON_UNSPECIFIED', 'stop'],
    ]
    for (const [word, reason] of WORDS) {
      it(`${word} is ${reason}, and goes back as it was`, () => {
        const value = answer([{ text: 'x' }], { finishReason: word })
        expect(value.choices[0]?.finish.reason).to.equal(reason)
        expect(encode(value.choices[0] as Choice).first.finishReason).to.equal(word)
      })
    }
    const NUMBERS = [
      [1, 'stop'],
      [2, 'length'],
      [3, 'content-filter'],
      [9, 'error'],
      [99, 'stop'],
    ] as const
    for (const [number, reason] of NUMBERS) {
      it(`Q75: the number ${number} is ${reason}`, () =>
        expect(answer([], { finishReason: number }).choices[0]?.finish.reason).to.equal(reason))
    }
    it('traps 39, 40, Q65: a call finishes with STOP', () => {
      const value = answer([{ functionCall: { name: 'f', args: {} } }], { finishReason: 'STOP' })
      expect(value.choices[0]?.finish).to.deep.equal({ reason: 'tool-calls' })
      expect(encode(value.choices[0] as Choice).first.finishReason).to.equal('STOP')
    })
    it('Q65: a call of a function that is not there is an error, and the call is seen', () => {
      const value = answer([{ functionCall: { name: 'f', args: {} } }], { finishReason: 'UNEXPECTED_TOOL_CALL' })
      expect(value.choices[0]?.finish.reason).to.equal('error')
      expect(value.choices[0]?.parts).to.have.length(1)
    })
    const WRITTEN: Record<FinishReason, string> = {
      stop: 'STOP',
      length: 'MAX_TOKENS',
      'tool-calls': 'STOP',
      'content-filter': 'SAFETY',
      refusal: 'SAFETY',
      pause: 'STOP',
      error: 'OTHER',
    }
    for (const [reason, word] of Object.entries(WRITTEN) as [FinishReason, string][]) {
      it(`defect 9: ${reason} of another protocol is ${word}, whatever its own word was`, () => {
        const original = { protocol: 'anthropic', value: 'their_word' }
        expect(encode({ finish: { reason, original } }).first.finishReason).to.equal(word)
      })
    }
    it('what cannot be told is told as lost', () => {
      expect(encode({ finish: { reason: 'stop', stopSequence: 'x' } }).losses).to.deep.equal([
        'choices.0.finish.stopSequence: dropped',
      ])
      expect(encode({ finish: { reason: 'pause' } }).losses).to.deep.equal(['choices.0.finish: changed'])
    })
    it('a prompt that is refused has no candidate, and comes back so', () => {
      for (const blockReason of ['SAFETY', 'TOMORROW']) {
        const body = { promptFeedback: { blockReason, safetyRatings: [] }, usageMetadata: { promptTokenCount: 3 } }
        const value = decode(body)
        expect(value.choices[0]).to.deep.include({ parts: [] })
        expect(value.choices[0]?.finish.reason).to.equal('content-filter')
        const told: any = gemini.response.encode(value, REPLY).body
        expect(told.candidates).to.equal(undefined)
        expect(told.promptFeedback).to.deep.equal(body.promptFeedback)
      }
      expect(decode({ promptFeedback: { blockReason: 1 } }).choices[0]?.finish.original?.value).to.equal(
        'prompt:SAFETY',
      )
    })
  })

  describe('counters', () => {
    const ROWS: readonly (readonly [string, object, Usage])[] = [
      [
        'Q72, trap 108: thoughts are written too',
        { promptTokenCount: 10, candidatesTokenCount: 5, thoughtsTokenCount: 7, totalTokenCount: 22 },
        { inputTokens: 10, outputTokens: 12, reasoningTokens: 7 },
      ],
      [
        'trap 106: cached ones are inside of the prompt',
        { promptTokenCount: 10, cachedContentTokenCount: 4, totalTokenCount: 10 },
        { inputTokens: 10, cacheReadTokens: 4 },
      ],
      [
        'trap 108: snake_case',
        { prompt_token_count: 1, candidates_token_count: 2 },
        { inputTokens: 1, outputTokens: 2 },
      ],
      ['lesson 63: a counter that is an object', { promptTokenCount: 1, candidatesTokenCount: {} }, { inputTokens: 1 }],
      [
        'Q72: what tools read',
        { promptTokenCount: 10, toolUsePromptTokenCount: 3 },
        { inputTokens: 13, extra: { protocol: 'gemini', fields: { toolUsePromptTokenCount: 3 } } },
      ],
      [
        'Q75: kinds as numbers',
        { promptTokensDetails: [{ modality: 2, tokenCount: 1 }], trafficType: 1 },
        {
          extra: {
            protocol: 'gemini',
            fields: { promptTokensDetails: [{ modality: 'IMAGE', tokenCount: 1 }], trafficType: 'ON_DEMAND' },
          },
        },
      ],
    ]
    for (const [title, usageMetadata, usage] of ROWS) {
      it(title, () => {
        expect(answer([{ text: 'x' }], {}, { usageMetadata }).usage).to.deep.equal(usage)
        const relayed = gemini.response.usage(Buffer.from(JSON.stringify({ candidates: [], usageMetadata })))
        expect(relayed).to.deep.equal(usage)
      })
    }
    it('go back as they came: 147 + 108 + 360 + 168 = 783', () => {
      const usageMetadata = {
        promptTokenCount: 147,
        candidatesTokenCount: 108,
        thoughtsTokenCount: 360,
        toolUsePromptTokenCount: 168,
        totalTokenCount: 783,
      }
      const { body } = encode({}, { usage: answer([], {}, { usageMetadata }).usage as Usage })
      expect(body.usageMetadata).to.deep.equal(usageMetadata)
    })
    it('of another protocol are told in the API’s own way', () => {
      const usage: Usage = {
        inputTokens: 20,
        outputTokens: 9,
        reasoningTokens: 4,
        cacheReadTokens: 6,
        cacheWriteTokens: 2,
        extra: { protocol: 'x', fields: { y: 1 } },
      }
      const { body, losses } = encode({}, { usage })
      expect(body.usageMetadata).to.deep.equal({
        promptTokenCount: 20,
        candidatesTokenCount: 5,
        thoughtsTokenCount: 4,
        cachedContentTokenCount: 6,
        totalTokenCount: 29,
      })
      expect(losses).to.deep.equal(['usage.y: dropped', 'usage.cacheWriteTokens: dropped'])
    })
    it('of a relayed answer that cannot be read are none', () => {
      for (const text of ['', '{', '[]', '{"usageMetadata":7}', '{}'])
        expect(gemini.response.usage(Buffer.from(text))).to.equal(undefined)
    })
  })
})
