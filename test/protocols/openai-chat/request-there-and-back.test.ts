import { expect } from 'chai'
import { sendOn } from './exchange.ts'

describe('a request goes back as it came', () => {
  const SAME: readonly (readonly [title: string, members: object])[] = [
    ['with nulls', { temperature: null, tools: null, user: null, mystery: null }],
    ['with a stop text', { stop: 'x' }],
    ['with the old limit', { max_tokens: 7 }],
    ['with both names of the user', { user: 'u', safety_identifier: 's' }],
    ['with no tools', { tools: [] }],
    ['with functions of old', { functions: [{ name: 'f', 'x-y': 1 }], function_call: 'auto' }],
    ['with a function to call', { functions: [{ name: 'f' }], function_call: { name: 'f' } }],
    [
      'with a schema and members around it',
      { response_format: { type: 'json_schema', json_schema: { name: 'n', schema: {}, strict: null, more: 1 } } },
    ],
    ['with a schema that is missing', { response_format: { type: 'json_schema', json_schema: { name: 'n' } } }],
    ['with a grammar as form', { response_format: { type: 'grammar', grammar: 'x' } }],
    ['with two efforts', { reasoning_effort: 'low', reasoning: { effort: 'high', summary: 'auto', exclude: false } }],
    [
      'with every switch at once',
      { thinking: { type: 'enabled', budget_tokens: 5, clear: 1 }, enable_thinking: true, thinking_budget: 5 },
    ],
    ['with switches that differ', { thinking: { type: 'disabled' }, enable_thinking: true }],
    ['with a switch of tomorrow', { thinking: { type: 'sideways' } }],
    [
      'with names of tools that only a vendor takes',
      {
        tools: [{ type: 'function', function: { name: 'a.b/c' } }],
        tool_choice: { type: 'function', function: { name: 'a.b/c' } },
      },
    ],
    [
      'with allowed custom tools',
      {
        tools: [{ type: 'custom', custom: { name: 'c', description: 'd' } }],
        tool_choice: {
          type: 'allowed_tools',
          allowed_tools: { mode: 'required', tools: [{ type: 'custom', custom: { name: 'c' } }] },
        },
      },
    ],
    [
      'with empty calls and details',
      { messages: [{ role: 'assistant', content: 'a', tool_calls: [], reasoning_details: [], annotations: [] }] },
    ],
    [
      'with both spellings of one thought',
      { messages: [{ role: 'assistant', content: 'a', reasoning: 't', reasoning_content: 't' }] },
    ],
    [
      'with spellings that differ',
      { messages: [{ role: 'assistant', content: 'a', reasoning: 't', reasoning_content: 'u' }] },
    ],
    ['with a sound by its id', { messages: [{ role: 'assistant', audio: { id: 'audio_1' } }] }],
    [
      'with pictures of the model',
      {
        messages: [
          {
            role: 'assistant',
            content: '',
            images: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AA' } }],
          },
        ],
      },
    ],
    ['with a refusal', { messages: [{ role: 'assistant', content: null, refusal: 'no' }] }],
    ['with a refusal in a list', { messages: [{ role: 'assistant', content: [{ type: 'refusal', refusal: 'no' }] }] }],
    [
      'with citations',
      {
        messages: [
          {
            role: 'assistant',
            content: 'a',
            annotations: [
              { type: 'url_citation', url_citation: { url: 'u', title: 't', start_index: 0, end_index: 1 } },
            ],
          },
        ],
      },
    ],
    [
      'with a call of tomorrow',
      { messages: [{ role: 'assistant', tool_calls: [{ id: 'a', type: 'thing', thing: {} }] }] },
    ],
    [
      'with the call of old',
      {
        messages: [
          { role: 'assistant', content: null, function_call: { name: 'f', arguments: '' } },
          { role: 'function', name: 'f', content: 'x' },
        ],
      },
    ],
    [
      'with ids of any length',
      {
        messages: [
          {
            role: 'assistant',
            content: null,
            tool_calls: [{ id: 'x'.repeat(60), type: 'function', function: { name: 'f', arguments: '{}' } }],
          },
          { role: 'tool', tool_call_id: 'x'.repeat(60), content: '' },
        ],
      },
    ],
    [
      'with a file without a name',
      { messages: [{ role: 'user', content: [{ type: 'file', file: { file_data: 'https://a/b.pdf' } }] }] },
    ],
    [
      'with a file in bare base64',
      { messages: [{ role: 'user', content: [{ type: 'file', file: { filename: 'a', file_data: 'JVBERi0' } }] }] },
    ],
    [
      'with a data URL that is no base64',
      { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:text/plain,a%20b' } }] }] },
    ],
    [
      'with cache marks',
      {
        messages: [
          { role: 'user', content: [{ type: 'text', text: 'a', cache_control: { type: 'ephemeral', scope: 'x' } }] },
        ],
      },
    ],
    [
      'with a proof that belongs to a call',
      {
        messages: [
          {
            role: 'assistant',
            content: null,
            tool_calls: [{ id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } }],
            reasoning_details: [
              { type: 'reasoning.encrypted', data: 'S', id: 'c1', format: 'google-gemini-v1', index: 0 },
            ],
          },
        ],
      },
    ],
    [
      'with a detail of tomorrow',
      { messages: [{ role: 'assistant', content: 'a', reasoning_details: [{ type: 'reasoning.dance', steps: 3 }] }] },
    ],
    [
      'with a proof beside its text',
      {
        messages: [
          {
            role: 'assistant',
            content: 'a',
            reasoning_content: 'deep',
            reasoning_details: [
              { type: 'reasoning.text', text: '', signature: 'S', format: 'anthropic-claude-v1', index: 0 },
            ],
          },
        ],
      },
    ],
  ]
  for (const [title, members] of SAME) {
    it(title, () => {
      const body = { model: 'm', messages: [{ role: 'user', content: 'Hi' }], ...members }
      const sent = sendOn(members)
      expect(sent.body).to.deep.equal(body)
      expect(sent.losses).to.deep.equal([])
    })
  }
})
