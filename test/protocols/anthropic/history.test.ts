import { expect } from 'chai'
import type { ModelFacts } from '../../../protocols/ir/facts.ts'
import type { Part } from '../../../protocols/ir/part.ts'
import { encodeMessages, sketchLosses } from './exchange.ts'

const PNG = { type: 'base64', mediaType: 'image/png', data: 'AA==' } as const
const CITATION = { type: 'char_location', cited_text: 'c', document_index: 0, start_char_index: 1, end_char_index: 2 }

/** What one part becomes in a user turn, and what is lost; a call gets its result. */
function encodePart(part: Part, facts: ModelFacts = {}) {
  const role = part.type === 'tool-call' || part.type === 'reasoning' ? 'assistant' : 'user'
  const opening = { role: 'user', parts: [{ type: 'text', text: 'x' }] } as const
  const calls =
    part.type === 'tool-result' ? [{ type: 'tool-call', id: part.callId, name: 'f', arguments: '{}' } as const] : []
  const { messages, losses } = encodeMessages(
    [opening, { role: 'assistant', parts: [{ type: 'text', text: 'y' }, ...calls] }, { role, parts: [part] }],
    facts,
  )
  const blocks = messages.flatMap((message: any) => (typeof message.content === 'string' ? [] : message.content))
  const own = blocks.filter(
    (block: any) => !(block.type === 'text' && block.text === 'y') && !(calls.length > 0 && block.type === 'tool_use'),
  )
  const only = own.find((block: any) => !('is_error' in block && part.type === 'tool-call'))
  const last = messages.at(-1)
  const told =
    only ??
    (typeof last.content === 'string' && last.content !== 'y' && last.content !== 'x'
      ? { type: 'text', text: last.content }
      : undefined)
  const ownLosses = losses.filter((loss: { reason: string }) => !loss.reason.includes('interrupted'))
  return { told, losses: sketchLosses(ownLosses).map((line) => line.replace('messages.2.parts.0', 'part')) }
}

const ROWS: readonly (readonly [
  title: string,
  part: Part,
  block: unknown,
  losses?: readonly string[],
  facts?: ModelFacts,
])[] = [
  ['text', { type: 'text', text: 'a' }, { type: 'text', text: 'a' }],
  [
    'text with its own citations',
    { type: 'text', text: 'a', citations: [{ original: { protocol: 'anthropic', value: CITATION } }] },
    { type: 'text', text: 'a', citations: [CITATION] },
  ],
  [
    'text with citations of others',
    { type: 'text', text: 'a', citations: [{ url: 'u', original: { protocol: 'openai-chat', value: {} } }] },
    { type: 'text', text: 'a' },
    ['part.citations: dropped'],
  ],
  [
    'signed text',
    { type: 'text', text: 'a', signature: 's', issuer: 'gemini' },
    { type: 'text', text: 'a' },
    ['part.signature: dropped'],
  ],
  [
    'an image',
    { type: 'image', source: PNG },
    { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AA==' } },
  ],
  [
    'trap 129: an image by URL',
    { type: 'image', source: { type: 'url', url: 'u' } },
    { type: 'image', source: { type: 'url', url: 'u' } },
  ],
  [
    'an image that is to be looked at closely',
    { type: 'image', source: { type: 'url', url: 'u' }, detail: 'high' },
    { type: 'image', source: { type: 'url', url: 'u' } },
    ['part.detail: changed'],
  ],
  [
    'an own uploaded image',
    { type: 'image', source: { type: 'file-id', id: 'f', protocol: 'anthropic' } },
    { type: 'image', source: { type: 'file', file_id: 'f' } },
  ],
  [
    'an uploaded image of another provider',
    { type: 'image', source: { type: 'file-id', id: 'f', protocol: 'x' } },
    undefined,
    ['part: dropped'],
  ],
  [
    'an image of text',
    { type: 'image', source: { type: 'text', mediaType: 'text/plain', text: 'x' } },
    undefined,
    ['part: dropped'],
  ],
  ['trap 131: sound', { type: 'audio', source: PNG }, undefined, ['part: dropped']],
  [
    'trap 131: sound whose words are known',
    { type: 'audio', source: PNG, transcript: 'hello' },
    { type: 'text', text: 'hello' },
    ['part: changed'],
  ],
  [
    'trap 130: a PDF',
    { type: 'file', filename: 'a.pdf', source: { type: 'base64', mediaType: 'application/pdf', data: 'AA==' } },
    { type: 'document', title: 'a.pdf', source: { type: 'base64', media_type: 'application/pdf', data: 'AA==' } },
  ],
  [
    'a document by URL',
    { type: 'file', source: { type: 'url', url: 'u' } },
    { type: 'document', source: { type: 'url', url: 'u' } },
  ],
  [
    'a document of text',
    { type: 'file', source: { type: 'text', mediaType: 'text/plain', text: 'words' } },
    { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'words' } },
  ],
  [
    'a document of some other text',
    { type: 'file', source: { type: 'text', mediaType: 'text/markdown', text: '# a' } },
    { type: 'document', source: { type: 'text', media_type: 'text/plain', data: '# a' } },
    ['part: changed'],
  ],
  [
    'text in base64',
    { type: 'file', source: { type: 'base64', mediaType: 'text/plain', data: Buffer.from('grün').toString('base64') } },
    { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'grün' } },
  ],
  [
    'JSON in base64',
    { type: 'file', source: { type: 'base64', mediaType: 'application/json', data: 'e30=' } },
    { type: 'document', source: { type: 'text', media_type: 'text/plain', data: '{}' } },
    ['part: changed'],
  ],
  [
    'a picture that is called a file',
    { type: 'file', source: PNG },
    { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AA==' } },
  ],
  [
    'a file that nobody reads',
    { type: 'file', source: { type: 'base64', mediaType: 'application/zip', data: 'AA==' } },
    undefined,
    ['part: dropped'],
  ],
  [
    'an own uploaded file',
    { type: 'file', source: { type: 'file-id', id: 'f', protocol: 'anthropic' } },
    { type: 'document', source: { type: 'file', file_id: 'f' } },
  ],
  [
    'an uploaded file of another provider',
    { type: 'file', source: { type: 'file-id', id: 'f', protocol: 'x' } },
    undefined,
    ['part: dropped'],
  ],
  [
    'trap 86: signed thinking',
    { type: 'reasoning', text: 'hm', signature: 's', issuer: 'anthropic' },
    { type: 'thinking', thinking: 'hm', signature: 's' },
  ],
  [
    'Q59: signed thinking without words',
    { type: 'reasoning', text: '', signature: 's', issuer: 'anthropic' },
    { type: 'thinking', thinking: '', signature: 's' },
  ],
  [
    'trap 89: redacted thinking',
    { type: 'reasoning', text: '', encrypted: 'e', issuer: 'anthropic' },
    { type: 'redacted_thinking', data: 'e' },
  ],
  [
    'trap 87: thinking that another vendor signed',
    { type: 'reasoning', text: 'hm', signature: 's', issuer: 'gemini' },
    undefined,
    ['part: dropped'],
  ],
  [
    'trap 87: thinking that this model signed, whoever that is',
    { type: 'reasoning', text: 'hm', signature: 's', issuer: 'kimi' },
    { type: 'thinking', thinking: 'hm', signature: 's' },
    [],
    { issuer: 'kimi' },
  ],
  [
    'trap 87: thinking that another model of this protocol signed',
    { type: 'reasoning', text: 'hm', signature: 's', issuer: 'anthropic' },
    undefined,
    ['part: dropped'],
    { issuer: 'kimi' },
  ],
  [
    'trap 87: thinking that another vendor encrypted',
    { type: 'reasoning', text: '', encrypted: 'e', issuer: 'openai' },
    undefined,
    ['part: dropped'],
  ],
  ['trap 99, defect 16: unsigned thinking', { type: 'reasoning', text: 'hm' }, undefined, ['part: dropped']],
  [
    'trap 88: an empty signature',
    { type: 'reasoning', text: 'hm', signature: '', issuer: 'anthropic' },
    undefined,
    ['part: dropped'],
  ],
  [
    'a copy of the API that wants its thoughts back gets them, signed or not',
    { type: 'reasoning', text: 'hm' },
    { type: 'thinking', thinking: 'hm', signature: '' },
    [],
    { replaysReasoning: true },
  ],
  [
    'such a copy gets the words of another issuer without the proof',
    { type: 'reasoning', text: 'hm', signature: 's', issuer: 'gemini' },
    { type: 'thinking', thinking: 'hm', signature: '' },
    ['part: changed'],
    { replaysReasoning: true },
  ],
  [
    'and nothing where there are no words',
    { type: 'reasoning', text: '', encrypted: 'e', issuer: 'openai' },
    undefined,
    ['part: dropped'],
    { replaysReasoning: true },
  ],
  [
    'a mark on thinking has no place',
    { type: 'reasoning', text: 'hm', signature: 's', issuer: 'anthropic', cache: {} },
    { type: 'thinking', thinking: 'hm', signature: 's' },
    ['part.cache: dropped'],
  ],
  [
    'trap 38: a call without arguments',
    { type: 'tool-call', id: 'c', name: 'f', arguments: '' },
    { type: 'tool_use', id: 'c', name: 'f', input: {} },
  ],
  [
    'trap 148: a call keeps the order of its arguments',
    { type: 'tool-call', id: 'c', name: 'f', arguments: '{"z":1,"a":2}' },
    { type: 'tool_use', id: 'c', name: 'f', input: { z: 1, a: 2 } },
  ],
  [
    'lesson 26: arguments that are no JSON',
    { type: 'tool-call', id: 'c', name: 'f', arguments: '{"a":' },
    { type: 'tool_use', id: 'c', name: 'f', input: { _raw: '{"a":' } },
    ['part.arguments: changed'],
  ],
  [
    'arguments that are no object',
    { type: 'tool-call', id: 'c', name: 'f', arguments: '[1]' },
    { type: 'tool_use', id: 'c', name: 'f', input: { _raw: '[1]' } },
    ['part.arguments: changed'],
  ],
  [
    'trap 46: a call with raw text',
    { type: 'tool-call', id: 'c', name: 'patch', arguments: '*** Begin', freeform: true },
    { type: 'tool_use', id: 'c', name: 'patch', input: { input: '*** Begin' } },
  ],
  [
    'trap 51: a call of a mapped name',
    { type: 'tool-call', id: 'c', name: 'a.b', arguments: '{}' },
    { type: 'tool_use', id: 'c', name: 'a_u2e_b', input: {} },
  ],
  [
    'trap 91: a signed call',
    { type: 'tool-call', id: 'c', name: 'f', arguments: '{}', signature: 's', issuer: 'gemini', namespace: 'n' },
    { type: 'tool_use', id: 'c', name: 'f', input: {} },
    ['part.namespace: dropped', 'part.signature: dropped'],
  ],
  [
    'trap 71: a picture in a result',
    { type: 'tool-result', callId: 'c', content: [{ type: 'image', source: PNG }] },
    {
      type: 'tool_result',
      tool_use_id: 'c',
      content: [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AA==' } }],
    },
  ],
  [
    'trap 150: a mark on a result and on a text in it',
    { type: 'tool-result', callId: 'c', content: [{ type: 'text', text: 'a', cache: {} }], cache: { ttl: '1h' } },
    {
      type: 'tool_result',
      tool_use_id: 'c',
      content: [{ type: 'text', text: 'a', cache_control: { type: 'ephemeral' } }],
      cache_control: { type: 'ephemeral', ttl: '1h' },
    },
  ],
  [
    'an empty result',
    { type: 'tool-result', callId: 'c', content: [{ type: 'text', text: '' }], isError: false },
    { type: 'tool_result', tool_use_id: 'c', is_error: false },
  ],
  [
    'a failure without words, which the API refuses',
    { type: 'tool-result', callId: 'c', content: [], isError: true },
    { type: 'tool_result', tool_use_id: 'c', content: 'The tool failed and said nothing.', is_error: true },
    ['part.content: changed'],
  ],
  [
    'sound in a result',
    {
      type: 'tool-result',
      callId: 'c',
      content: [
        { type: 'audio', source: PNG },
        { type: 'text', text: 'a' },
      ],
    },
    { type: 'tool_result', tool_use_id: 'c', content: [{ type: 'text', text: 'a' }] },
    ['part.content.0: dropped'],
  ],
  ['a refusal', { type: 'refusal', text: 'No.' }, { type: 'text', text: 'No.' }, ['part: changed']],
  ['an empty refusal is nothing', { type: 'refusal', text: '' }, undefined],
  [
    'trap 49: an own block',
    { type: 'opaque', protocol: 'anthropic', value: { type: 'server_tool_use', id: 's' } },
    { type: 'server_tool_use', id: 's' },
  ],
  ['a block of another protocol', { type: 'opaque', protocol: 'gemini', value: {} }, undefined, ['part: dropped']],
  [
    'a field of another protocol',
    { type: 'text', text: 'a', extra: { protocol: 'x', fields: { y: 1 } } },
    { type: 'text', text: 'a' },
    ['part.y: dropped'],
  ],
]

describe('anthropic: parts of a conversation, encoded', () => {
  for (const [title, part, block, losses, facts] of ROWS) {
    it(title, () => {
      const { told, losses: lost } = encodePart(part, facts)
      expect(told).to.deep.equal(block)
      expect(lost).to.deep.equal(losses ?? [])
    })
  }

  it('trap 90: thinking, words and calls keep their order', () => {
    const { messages } = encodeMessages([
      { role: 'user', parts: [{ type: 'text', text: 'x' }] },
      {
        role: 'assistant',
        parts: [
          { type: 'reasoning', text: '1', signature: 's', issuer: 'anthropic' },
          { type: 'text', text: '2' },
          { type: 'tool-call', id: 'a', name: 'f', arguments: '{}' },
          { type: 'reasoning', text: '3', signature: 's', issuer: 'anthropic' },
          { type: 'tool-call', id: 'b', name: 'f', arguments: '{}' },
        ],
      },
    ])
    expect(messages[1].content.map((block: { type: string }) => block.type)).to.deep.equal([
      'thinking',
      'text',
      'tool_use',
      'thinking',
      'tool_use',
    ])
  })
})
