/** Conversations and answers at random, in no protocol's words; every text in them can be told from every other. */
import fc from 'fast-check'
import type { Message } from '../../protocols/ir/message.ts'
import type { Part, ToolCallPart } from '../../protocols/ir/part.ts'
import type { ChatRequest, ChatSettings } from '../../protocols/ir/request.ts'
import type { ChatResponse } from '../../protocols/ir/response.ts'
import type { Tool } from '../../protocols/ir/tool.ts'

/** `word7`: numbered in the order in which they are made. */
interface Words {
  next(): string
}

function createWords(): Words {
  let count = 0
  return { next: () => `word${count++} ` }
}

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

const TOOLS: readonly Tool[] = ['get_weather', 'search'].map((name) => ({
  type: 'function',
  name,
  description: `What ${name} does`,
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
}))

/** One round of a conversation: what the user says, and what the assistant does about it. */
const anyRound = fc.record({
  texts: fc.integer({ min: 1, max: 2 }),
  picture: fc.boolean(),
  thought: fc.constantFrom('none', 'plain', 'signed'),
  speaks: fc.boolean(),
  calls: fc.integer({ min: 0, max: 2 }),
  failed: fc.boolean(),
})

type Round = typeof anyRound extends fc.Arbitrary<infer Value> ? Value : never

const anySettings: fc.Arbitrary<ChatSettings> = fc.record(
  {
    maxOutputTokens: fc.integer({ min: 100, max: 4000 }),
    temperature: fc.constantFrom(0, 0.5, 1),
    topP: fc.constantFrom(0.5, 0.95),
    stop: fc.constant(['END']),
    seed: fc.integer({ min: 1, max: 99 }),
    userId: fc.constant('user-1'),
    responseFormat: fc.constantFrom(
      { type: 'json' } as const,
      {
        type: 'json-schema',
        name: 'answer',
        schema: {
          type: 'object',
          properties: { city: { type: 'string' } },
          required: ['city'],
          additionalProperties: false,
        },
      } as const,
    ),
  },
  { requiredKeys: [] },
)

function playRound(round: Round, index: number, words: Words): Message[] {
  const texts = Array.from({ length: round.texts }, (): Part => ({ type: 'text', text: words.next() }))
  const picture: Part = { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: PNG } }
  const user: Message = { role: 'user', parts: round.picture ? [...texts, picture] : texts }
  const calls = Array.from(
    { length: round.calls },
    (_, at): ToolCallPart => ({
      type: 'tool-call',
      id: `call_${index}_${at}abcdef`,
      name: 'get_weather',
      arguments: JSON.stringify({ city: words.next() }),
    }),
  )
  const speech: Part[] = round.speaks || calls.length === 0 ? [{ type: 'text', text: words.next() }] : []
  const assistant: Message = { role: 'assistant', parts: [...thoughtOf(round, words), ...speech, ...calls] }
  const results = calls.map(
    ({ id }): Message => ({
      role: 'tool',
      parts: [
        {
          type: 'tool-result',
          callId: id,
          content: [{ type: 'text', text: words.next() }],
          ...(round.failed ? { isError: true } : {}),
        },
      ],
    }),
  )
  return [user, assistant, ...results]
}

function thoughtOf({ thought }: Pick<Round, 'thought'>, words: Words): Part[] {
  if (thought === 'none') return []
  const signed = thought === 'signed' ? { signature: 'c2lnbmVk', issuer: 'anthropic' } : {}
  return [{ type: 'reasoning', text: words.next(), ...signed }]
}

export const anyConversation: fc.Arbitrary<ChatRequest> = fc
  .record({
    system: fc.boolean(),
    rounds: fc.array(anyRound, { maxLength: 3 }),
    settings: anySettings,
    choice: fc.constantFrom('auto' as const, 'required' as const, 'none' as const),
    stream: fc.boolean(),
  })
  .map(({ system, rounds, settings, choice, stream }) => {
    const words = createWords()
    const leading: Message[] = system ? [{ role: 'system', parts: [{ type: 'text', text: words.next() }] }] : []
    const played = rounds.flatMap((round, index) => playRound(round, index, words))
    const last: Message = { role: 'user', parts: [{ type: 'text', text: words.next() }] }
    const messages = [...leading, ...played, last]
    return { model: 'm', messages, tools: TOOLS, toolChoice: { type: choice }, settings, stream }
  })

export const anyReply: fc.Arbitrary<ChatResponse> = fc
  .record({
    thought: fc.constantFrom('none' as const, 'plain' as const, 'signed' as const),
    texts: fc.integer({ min: 0, max: 2 }),
    calls: fc.integer({ min: 0, max: 2 }),
    isCut: fc.boolean(),
    inputTokens: fc.integer({ min: 10, max: 1000 }),
    cacheReadTokens: fc.integer({ min: 0, max: 10 }),
    outputTokens: fc.integer({ min: 10, max: 1000 }),
  })
  .map(({ thought, texts, calls, isCut, ...usage }) => {
    const words = createWords()
    const made = Array.from(
      { length: calls },
      (_, at): Part => ({
        type: 'tool-call',
        id: `call_${at}abcdefgh`,
        name: 'get_weather',
        arguments: JSON.stringify({ city: words.next() }),
      }),
    )
    const said = Array.from(
      { length: calls === 0 ? texts + 1 : texts },
      (): Part => ({ type: 'text', text: words.next() }),
    )
    const reason = calls > 0 ? 'tool-calls' : isCut ? 'length' : 'stop'
    return {
      id: 'answer-1',
      model: 'm',
      createdAt: 1_700_000_000,
      choices: [{ index: 0, parts: [...thoughtOf({ thought }, words), ...said, ...made], finish: { reason } }],
      usage,
    }
  })
