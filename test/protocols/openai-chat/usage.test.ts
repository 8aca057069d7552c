import { expect } from 'chai'
import type { Usage } from '../../../protocols/ir/usage.ts'
import { decodeUsage, encodeUsage } from '../../../protocols/openai-chat/usage.ts'

const OWN = 'openai-chat'

function read(wire: object, reasoningIsOutput?: boolean): Usage | undefined {
  return decodeUsage({ prompt_tokens: 100, completion_tokens: 20, ...wire }, reasoningIsOutput)
}

describe('counters are read', () => {
  const CACHED: readonly (readonly [title: string, wire: object])[] = [
    ['OpenAI’s place', { prompt_tokens_details: { cached_tokens: 60 } }],
    ['DeepSeek’s', { prompt_cache_hit_tokens: 60, prompt_cache_miss_tokens: 40 }],
    ['Moonshot’s', { cached_tokens: 60 }],
    ['Mistral’s', { num_cached_tokens: 60 }],
    ['the place of Responses', { input_tokens_details: { cached_tokens: 60 } }],
    ['Anthropic’s', { cache_read_input_tokens: 60 }],
    ['two places, one of them empty', { prompt_tokens_details: { cached_tokens: 0 }, cached_tokens: 60 }],
  ]
  for (const [title, wire] of CACHED) {
    it(`Q30 lesson 47: what came from a cache, at ${title}`, () => expect(read(wire)?.cacheReadTokens).to.equal(60))
  }

  it('trap 106: what came from a cache is part of the input already', () => {
    expect(read({ prompt_tokens_details: { cached_tokens: 60, cache_write_tokens: 5 } })).to.include({
      inputTokens: 100,
      cacheWriteTokens: 5,
    })
  })

  it('Q30: details that are null say nothing', () => {
    expect(read({ prompt_tokens_details: null, completion_tokens_details: null })).to.deep.equal({
      inputTokens: 100,
      outputTokens: 20,
    })
  })

  const REASONED: readonly (readonly [
    title: string,
    total: number | undefined,
    fact: boolean | undefined,
    output: number,
  ])[] = [
    ['part of the output by the total', 120, undefined, 20],
    ['beside the output by the total', 127, undefined, 27],
    ['beside the output as the provider is known to count', undefined, false, 27],
    ['part of the output where nobody says otherwise', undefined, undefined, 20],
    ['part of the output by the total, whatever is known of the provider', 120, false, 20],
    ['part of the output as the provider is known to count', undefined, true, 20],
  ]
  for (const [title, total, fact, output] of REASONED) {
    it(`Q29: thoughts are ${title}`, () => {
      const wire = {
        completion_tokens_details: { reasoning_tokens: 7 },
        ...(total === undefined ? {} : { total_tokens: total }),
      }
      expect(read(wire, fact)).to.deep.equal({ inputTokens: 100, outputTokens: output, reasoningTokens: 7 })
    })
  }

  it('Q29: as xAI counted them in a recording', () => {
    const wire = {
      prompt_tokens: 307,
      completion_tokens: 26,
      total_tokens: 560,
      completion_tokens_details: { reasoning_tokens: 227 },
    }
    expect(decodeUsage(wire)).to.include({ inputTokens: 307, outputTokens: 253 })
  })

  it('Q30: a total that is more than the sum is kept', () => {
    expect(read({ total_tokens: 585 })?.extra).to.deep.equal({ protocol: OWN, fields: { total_tokens: 585 } })
    expect(read({ total_tokens: 120 })).to.not.have.property('extra')
  })

  it('other counters are kept in their words', () => {
    expect(
      read({ cost: 0.1, prompt_tokens_details: { audio_tokens: 3, video_tokens: null } })?.extra?.fields,
    ).to.deep.equal({
      cost: 0.1,
      'prompt_tokens_details.audio_tokens': 3,
    })
  })

  it('what is no counter is none', () => {
    for (const value of [undefined, null, 5, 'x', []]) expect(decodeUsage(value)).to.equal(undefined)
    expect(decodeUsage({ prompt_tokens: -1, completion_tokens: 'x', total_tokens: Number.NaN })).to.not.have.any.keys(
      'inputTokens',
      'outputTokens',
    )
  })
})

describe('counters are written', () => {
  const ignore = () => undefined

  it('trap 111: as numbers, 0 where nobody counted', () => {
    expect(encodeUsage({}, ignore)).to.deep.equal({
      prompt_tokens: 0,
      completion_tokens: 0,
      total_tokens: 0,
      prompt_tokens_details: { cached_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: 0 },
    })
  })

  it('trap 108: with thoughts as part of the output', () => {
    const usage = { inputTokens: 10, outputTokens: 30, reasoningTokens: 20, cacheReadTokens: 4, cacheWriteTokens: 2 }
    expect(encodeUsage(usage, ignore)).to.deep.equal({
      prompt_tokens: 10,
      completion_tokens: 30,
      total_tokens: 40,
      prompt_tokens_details: { cached_tokens: 4, cache_write_tokens: 2 },
      completion_tokens_details: { reasoning_tokens: 20 },
    })
  })

  it('with the other counters of this protocol where they were, those of another reported', () => {
    const wire = {
      prompt_tokens: 9,
      completion_tokens: 201,
      total_tokens: 585,
      prompt_audio_seconds: 4,
      completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 3 },
    }
    const written = encodeUsage(decodeUsage(wire)!, ignore)
    expect(written).to.deep.include(wire)
    const reported: string[] = []
    encodeUsage({ extra: { protocol: 'other', fields: { tier: 1 } } }, (path) => reported.push(path))
    expect(reported).to.deep.equal(['usage.tier'])
  })
})
