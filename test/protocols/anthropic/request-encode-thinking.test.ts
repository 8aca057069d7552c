import { expect } from 'chai'
import type { ModelFacts } from '../../../protocols/ir/facts.ts'
import type { ChatSettings } from '../../../protocols/ir/request.ts'
import { encodeSettings, sendOn } from './exchange.ts'

describe('anthropic: request, encoded', () => {
  describe('thinking', () => {
    const EFFORTS: ModelFacts = { efforts: ['low', 'medium', 'high', 'max'] }
    const WIDE: ModelFacts = { maxOutputTokens: 64_000, defaultMaxOutputTokens: 8192 }
    const ROWS: readonly (readonly [
      title: string,
      settings: ChatSettings,
      facts: ModelFacts,
      written: object,
      losses: readonly string[],
    ])[] = [
      [
        'trap 96: an effort that the model knows',
        { maxOutputTokens: 99, reasoning: { effort: 'high' } },
        EFFORTS,
        { max_tokens: 99, output_config: { effort: 'high' } },
        [],
      ],
      [
        'trap 96: an effort that it does not know becomes the nearest',
        { maxOutputTokens: 99, reasoning: { effort: 'minimal' } },
        EFFORTS,
        { max_tokens: 99, output_config: { effort: 'low' } },
        ['settings.reasoning.effort: changed'],
      ],
      [
        'trap 96: a word of tomorrow is something in the middle',
        { maxOutputTokens: 99, reasoning: { effort: 'cosmic' } },
        EFFORTS,
        { max_tokens: 99, output_config: { effort: 'medium' } },
        ['settings.reasoning.effort: changed'],
      ],
      [
        'no effort is no thinking',
        { maxOutputTokens: 99, reasoning: { effort: 'none' } },
        EFFORTS,
        { max_tokens: 99, thinking: { type: 'disabled' } },
        [],
      ],
      [
        'thinking that is off',
        { maxOutputTokens: 99, reasoning: { mode: 'off' } },
        {},
        { max_tokens: 99, thinking: { type: 'disabled' } },
        [],
      ],
      [
        'a budget of 0 is off',
        { maxOutputTokens: 99, reasoning: { budgetTokens: 0 } },
        {},
        { max_tokens: 99, thinking: { type: 'disabled' } },
        [],
      ],
      [
        'adaptive thinking',
        { maxOutputTokens: 99, reasoning: { mode: 'adaptive' } },
        {},
        { max_tokens: 99, thinking: { type: 'adaptive' } },
        [],
      ],
      [
        'an effort is a budget where the model knows no efforts, beside our own limit',
        { reasoning: { effort: 'high' } },
        WIDE,
        { max_tokens: 24_576, thinking: { type: 'enabled', budget_tokens: 16_384 } },
        ['settings.reasoning: changed'],
      ],
      [
        'lesson 59: a missing budget gets a usual one',
        { maxOutputTokens: 32_000, reasoning: { mode: 'on' } },
        WIDE,
        { max_tokens: 32_000, thinking: { type: 'enabled', budget_tokens: 8192 } },
        [],
      ],
      [
        'a budget of ours leaves half of the limit for the answer',
        { maxOutputTokens: 4000, reasoning: { effort: 'high' } },
        {},
        { max_tokens: 4000, thinking: { type: 'enabled', budget_tokens: 2000 } },
        ['settings.reasoning.budgetTokens: changed'],
      ],
      [
        'trap 97, K56: a budget of the client is lowered below its limit',
        { maxOutputTokens: 32_000, reasoning: { mode: 'on', budgetTokens: 32_000 } },
        {},
        { max_tokens: 32_000, thinking: { type: 'enabled', budget_tokens: 31_999 } },
        ['settings.reasoning.budgetTokens: changed'],
      ],
      [
        'trap 97: a limit that nobody named is raised above the budget',
        { reasoning: { budgetTokens: 10_000 } },
        {},
        { max_tokens: 14_096, thinking: { type: 'enabled', budget_tokens: 10_000 } },
        [],
      ],
      [
        'an effort never takes the whole of what a model writes',
        { reasoning: { effort: 'max' } },
        { maxOutputTokens: 8192 },
        { max_tokens: 8192, thinking: { type: 'enabled', budget_tokens: 4096 } },
        ['settings.reasoning.budgetTokens: changed'],
      ],
      [
        'trap 97: but not above what the model writes',
        { reasoning: { budgetTokens: 10_000 } },
        { maxOutputTokens: 8192 },
        { max_tokens: 8192, thinking: { type: 'enabled', budget_tokens: 4096 } },
        ['settings.reasoning.budgetTokens: changed'],
      ],
      [
        'a budget below the least is raised',
        { maxOutputTokens: 9000, reasoning: { budgetTokens: 100 } },
        {},
        { max_tokens: 9000, thinking: { type: 'enabled', budget_tokens: 1024 } },
        ['settings.reasoning.budgetTokens: changed'],
      ],
      [
        'a small limit leaves no room to think',
        { maxOutputTokens: 500, reasoning: { effort: 'high' } },
        {},
        { max_tokens: 500 },
        ['settings.reasoning: dropped'],
      ],
      [
        'a model that does not think is not asked to',
        { maxOutputTokens: 9000, reasoning: { effort: 'high' } },
        { capabilities: { reasoning: false } },
        { max_tokens: 9000 },
        ['settings.reasoning: dropped'],
      ],
      [
        'trap 97: sampling settings go while the model thinks',
        { maxOutputTokens: 9000, temperature: 0.2, topP: 0.5, topK: 5, reasoning: { budgetTokens: 2000 } },
        {},
        { max_tokens: 9000, thinking: { type: 'enabled', budget_tokens: 2000 } },
        ['settings.temperature: dropped', 'settings.topP: dropped', 'settings.topK: dropped'],
      ],
      [
        'trap 97: those that it takes stay',
        { maxOutputTokens: 9000, temperature: 1, topP: 0.97, reasoning: { mode: 'adaptive' } },
        {},
        { max_tokens: 9000, temperature: 1, top_p: 0.97, thinking: { type: 'adaptive' } },
        [],
      ],
      [
        'K16: temperature beside no thinking stays',
        { maxOutputTokens: 9, temperature: 0.2, reasoning: { mode: 'off' } },
        {},
        { max_tokens: 9, temperature: 0.2, thinking: { type: 'disabled' } },
        [],
      ],
      [
        'thoughts that are to be shown in whatever words are summarized',
        { maxOutputTokens: 9000, reasoning: { mode: 'adaptive', display: 'detailed' } },
        {},
        { max_tokens: 9000, thinking: { type: 'adaptive', display: 'summarized' } },
        [],
      ],
    ]
    for (const [title, settings, facts, expected, losses] of ROWS) {
      it(title, () => {
        const { written, losses: told } = encodeSettings(settings, facts)
        expect(written).to.deep.equal(expected)
        expect(told).to.deep.equal(losses)
      })
    }
    it('an effort of an own client is its own word', () => {
      expect(sendOn({ output_config: { effort: 'xhigh' } }).body.output_config).to.deep.equal({ effort: 'xhigh' })
    })
    it('a kind of thinking of tomorrow goes as it came', () => {
      const thinking = { type: 'between_tools' }
      expect(sendOn({ thinking }).body.thinking).to.deep.equal(thinking)
    })
  })
})
