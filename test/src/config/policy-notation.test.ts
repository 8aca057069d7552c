import { expect } from 'chai'
import type { GroupPolicy } from '../../../src/config/group-policy.ts'
import { readConfig } from '../../support/config-text.ts'

function policyOf(written: object): GroupPolicy | undefined {
  return readConfig({ groups: { g: written } }).config.groups[0]?.policy
}

describe('what a group does to requests', () => {
  const ROWS: readonly (readonly [string, object, GroupPolicy | undefined])[] = [
    ['nothing is said', { description: 'd' }, undefined],
    ['allowed models', { models: ['gpt-*', 'claude'] }, { allowedModels: ['gpt-*', 'claude'] }],
    ['none allowed is said as well', { models: [] }, { allowedModels: [] }],
    ['a strategy', { strategy: 'sticky' }, { strategy: 'sticky' }],
    [
      'parameters',
      { parameters: { temperature: 0, max_tokens: 5 } },
      { parameters: { temperature: 0, maxOutputTokens: 5 } },
    ],
    [
      'a prompt, with the usual mode and place',
      { prompt: { text: 'Be kind.' } },
      { prompt: { mode: 'enhance', position: 'system', text: 'Be kind.' } },
    ],
    [
      'a prompt for some models, all said',
      { prompt: { mode: 'replace', position: 'user', text: 't', models: ['a*'] } },
      { prompt: { mode: 'replace', position: 'user', text: 't', models: ['a*'] } },
    ],
    ['a prompt that is switched off is none, but said', { prompt: { mode: 'off', text: 'kept for later' } }, {}],
    [
      'replacements',
      { prompt_replacements: [{ find: 'a', replace: '' }] },
      { promptReplacements: [{ find: 'a', replace: '' }] },
    ],
    ['a filter of tools', { tool_filter: ['Web*'] }, { toolFilter: ['Web*'] }],
    ['a ratio', { temperature_ratio: 0.5 }, { temperatureRatio: 0.5 }],
    ['a bound on the context', { max_context_tokens: 1 }, { maxContextTokens: 1 }],
    ['where tools are told', { tool_prompt: 'user' }, { toolPrompt: 'user' }],
    ['what invalid calls get', { invalid_tool_calls: 'pass' }, { invalidToolCalls: 'pass' }],
    [
      'fields of the body',
      { body_parameters: { enable_thinking: false } },
      { bodyParameters: { enable_thinking: false } },
    ],
    ['headers, in lower case', { headers: { 'X-A': ' b ' } }, { headers: { 'x-a': 'b' } }],
  ]
  for (const [title, written, policy] of ROWS) {
    it(`X34: ${title}`, () => {
      const read = policyOf(written)
      expect(read === undefined ? read : JSON.parse(JSON.stringify(read))).to.deep.equal(policy)
    })
  }
})
