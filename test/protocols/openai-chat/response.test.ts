import { expect } from 'chai'
import { openaiChat } from '../../../protocols/openai-chat/index.ts'
import { answerOf, bytesOf, decodeAnswer, failureOf, partsOf } from './exchange.ts'

const OWN = 'openai-chat'

const CALL = { id: 'c', type: 'function', function: { name: 'f', arguments: '{"a":1}' } }

const READ_CALL = { type: 'tool-call', id: 'c', name: 'f', arguments: '{"a":1}' }

describe('an answer is read', () => {
  const MESSAGES: readonly (readonly [title: string, message: object, parts: object[]])[] = [
    ['a text', { content: 'a' }, [{ type: 'text', text: 'a' }]],
    ['Q25: calls beside null', { content: null, tool_calls: [CALL] }, [READ_CALL]],
    ['Q25: calls beside an empty text', { content: '', tool_calls: [CALL] }, [READ_CALL]],
    ['Q25: calls without content', { content: undefined, tool_calls: [CALL] }, [READ_CALL]],
    ['Q25: calls that are null', { content: 'a', tool_calls: null }, [{ type: 'text', text: 'a' }]],
    ['Q25: no calls in a list', { content: 'a', tool_calls: [] }, [{ type: 'text', text: 'a' }]],
    ['Q24: a call without type', { tool_calls: [{ ...CALL, type: undefined }] }, [READ_CALL]],
    ['trap 32: all calls', { tool_calls: [CALL, { ...CALL, id: 'd' }] }, [READ_CALL, { ...READ_CALL, id: 'd' }]],
    [
      'trap 38: a call with empty arguments',
      { tool_calls: [{ id: 'c', function: { name: 'f', arguments: '' } }] },
      [{ ...READ_CALL, arguments: '{}' }],
    ],
    [
      'trap 45: a call whose arguments are an object',
      { tool_calls: [{ id: 'c', function: { name: 'f', arguments: { a: 1 } } }] },
      [READ_CALL],
    ],
    [
      'defect 1, lesson 26: a call whose arguments are no JSON',
      { tool_calls: [{ id: 'c', function: { name: 'f', arguments: "{'t':'it's'}" } }] },
      [{ ...READ_CALL, arguments: "{'t':'it's'}" }],
    ],
    [
      'trap 46: a custom call',
      { tool_calls: [{ id: 'c', type: 'custom', custom: { name: 'p', input: 'raw' } }] },
      [{ type: 'tool-call', id: 'c', name: 'p', arguments: 'raw', freeform: true }],
    ],
    [
      'Q26 trap 95: reasoning_content',
      { content: 'a', reasoning_content: 't' },
      [
        { type: 'reasoning', text: 't' },
        { type: 'text', text: 'a' },
      ],
    ],
    [
      'Q26 trap 95: reasoning',
      { content: 'a', reasoning: 't' },
      [
        { type: 'reasoning', text: 't' },
        { type: 'text', text: 'a' },
      ],
    ],
    [
      'Q26: both, once',
      { content: 'a', reasoning: 't', reasoning_content: 't' },
      [
        { type: 'reasoning', text: 't' },
        { type: 'text', text: 'a' },
      ],
    ],
    [
      'Q26: a list with thoughts',
      {
        content: [
          { type: 'thinking', thinking: [{ type: 'text', text: 't' }], closed: true },
          { type: 'text', text: 'a' },
        ],
      },
      [
        { type: 'reasoning', text: 't', extra: { protocol: OWN, fields: { closed: true } } },
        { type: 'text', text: 'a' },
      ],
    ],
    [
      'Q26: a tag in the text',
      { content: '<think>\nt\n</think>\n\na' },
      [
        { type: 'reasoning', text: 't\n' },
        { type: 'text', text: 'a' },
      ],
    ],
    ['Q27: a tag that never closes', { content: '<think>\nt' }, [{ type: 'reasoning', text: 't' }]],
    ['a tag later in the text', { content: 'a <think>' }, [{ type: 'text', text: 'a <think>' }]],
    [
      'trap 86: a signed thought',
      {
        content: 'a',
        reasoning: 't',
        reasoning_details: [{ type: 'reasoning.text', text: 't', signature: 'S', format: 'anthropic-claude-v1' }],
      },
      [
        { type: 'reasoning', text: 't', signature: 'S', issuer: 'anthropic' },
        { type: 'text', text: 'a' },
      ],
    ],
    [
      'trap 89: a summary and an encrypted thought',
      {
        content: 'a',
        reasoning: 's',
        reasoning_details: [
          { type: 'reasoning.summary', summary: 's', format: 'openai-responses-v1' },
          { type: 'reasoning.encrypted', data: 'E', id: 'rs_1', format: 'openai-responses-v1' },
        ],
      },
      [
        { type: 'reasoning', text: 's' },
        { type: 'reasoning', text: '', encrypted: 'E', issuer: 'openai-responses', id: 'rs_1' },
        { type: 'text', text: 'a' },
      ],
    ],
    [
      'an issuer that nobody knows',
      { content: 'a', reasoning_details: [{ type: 'reasoning.encrypted', data: 'E', format: 'new-v1' }] },
      [
        { type: 'reasoning', text: '', encrypted: 'E', issuer: 'new-v1' },
        { type: 'text', text: 'a' },
      ],
    ],
    [
      'trap 91: the proof of a call',
      {
        tool_calls: [CALL],
        reasoning_details: [{ type: 'reasoning.encrypted', data: 'S', id: 'c', format: 'google-gemini-v1' }],
      },
      [{ ...READ_CALL, signature: 'S', issuer: 'gemini' }],
    ],
    ['a refusal', { content: null, refusal: 'no' }, [{ type: 'refusal', text: 'no' }]],
    [
      'Q32: empty values are absent',
      {
        content: 'a',
        audio: { id: '', data: '', transcript: '', expires_at: 0 },
        function_call: { name: '', arguments: '' },
        refusal: '',
        annotations: null,
        tool_calls: null,
      },
      [{ type: 'text', text: 'a' }],
    ],
    [
      'what was said aloud',
      { content: null, audio: { id: 'audio_1', data: 'AA', transcript: 'hi', expires_at: 9 } },
      [
        {
          type: 'audio',
          source: { type: 'base64', mediaType: 'audio/*', data: 'AA' },
          transcript: 'hi',
          extra: { protocol: OWN, fields: { expires_at: 9, id: 'audio_1' } },
        },
      ],
    ],
    [
      'a picture',
      { content: 'a', images: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AA' } }] },
      [
        { type: 'text', text: 'a' },
        { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'AA' } },
      ],
    ],
  ]
  for (const [title, message, parts] of MESSAGES) {
    it(title, () => expect(partsOf(message)).to.deep.equal(parts))
  }

  it('Q33: with citations of links, and with others as they are', () => {
    const link = {
      type: 'url_citation',
      url_citation: { url: 'u', title: 't', start_index: 0, end_index: 1, content: 'c' },
    }
    const file = { type: 'file', file: { name: 'x' } }
    const [part] = partsOf({ content: 'a', annotations: [link, file] })
    expect(part.citations).to.deep.equal([
      { url: 'u', title: 't', citedText: 'c', start: 0, end: 1, original: { protocol: OWN, value: link } },
      { original: { protocol: OWN, value: file } },
    ])
  })

  it('lesson 28: ids of the back end are kept, missing ones are made, no two alike', () => {
    const calls = [CALL, { ...CALL, id: '' }, { ...CALL, id: undefined }]
    const [first, second, third] = partsOf({ tool_calls: calls })
    expect(first.id).to.equal('c')
    expect(second.id).to.match(/^call_/)
    expect(third.id)
      .to.match(/^call_/)
      .and.not.equal(second.id)
    const [, other] = partsOf({ tool_calls: calls }, { body: { id: 'chatcmpl-2' } })
    expect(other.id).to.not.equal(second.id)
  })

  it('trap 128: with every candidate under its own number', () => {
    const choice = (index: number) => ({
      index,
      message: { role: 'assistant', content: `${index}` },
      finish_reason: 'stop',
    })
    const { choices } = decodeAnswer({ ...answerOf({}), choices: [choice(1), choice(0)] })
    expect(choices.map(({ index, parts }) => [index, (parts[0] as any).text])).to.deep.equal([
      [0, '0'],
      [1, '1'],
    ])
  })

  it('Q13 Q32: with an empty id, model and time as nothing', () => {
    const response = decodeAnswer({ ...answerOf({ content: 'a' }), id: '', model: '', created: 0, service_tier: '' })
    expect(response).to.include({ id: '', model: '' })
    expect(response).to.not.have.any.keys('createdAt', 'serviceTier')
  })

  it('with log probabilities where there are any', () => {
    const logprobs = { content: [{ token: 'a', logprob: -1, bytes: null, top_logprobs: [] }], refusal: null }
    const answer = answerOf({ content: 'a' })
    answer.choices[0].logprobs = logprobs
    expect(decodeAnswer(answer).choices[0]!.logprobs).to.deep.equal({ protocol: OWN, value: logprobs })
    answer.choices[0].logprobs = { content: null, refusal: null }
    expect(decodeAnswer(answer).choices[0]).to.not.have.property('logprobs')
  })

  const FINISHES: readonly (readonly [word: unknown, message: object, reason: string])[] = [
    ['stop', { content: 'a' }, 'stop'],
    ['length', { content: 'a' }, 'length'],
    ['content_filter', { content: 'a' }, 'content-filter'],
    ['tool_calls', { tool_calls: [CALL] }, 'tool-calls'],
    ['eos', { content: 'a' }, 'stop'],
    ['', { content: 'a' }, 'stop'],
    [null, { content: 'a' }, 'stop'],
    ['', { tool_calls: [CALL] }, 'tool-calls'],
    ['stop', { tool_calls: [CALL] }, 'tool-calls'],
    ['function_call', { function_call: { name: 'f', arguments: '{}' } }, 'tool-calls'],
    ['stop', { refusal: 'no' }, 'refusal'],
    ['length', { tool_calls: [CALL] }, 'length'],
    ['error', { content: 'a' }, 'error'],
    ['a word of tomorrow', { content: 'a' }, 'stop'],
    ['constructor', { content: 'a' }, 'stop'],
  ]
  for (const [word, message, reason] of FINISHES) {
    it(`Q31 trap 39: that ended with ${JSON.stringify(word)} and ${Object.keys(message)} as ${reason}`, () => {
      const [choice] = decodeAnswer(answerOf(message, { finish_reason: word })).choices
      expect(choice!.finish.reason).to.equal(reason)
    })
  }
})

describe('what is no answer', () => {
  const FAILURES: readonly (readonly [title: string, body: unknown, kind: string])[] = [
    ['F48: an error with a code', { error: { message: 'slow down', code: 429 } }, 'rate-limited'],
    [
      'F48, defect 14: an error of its own kind',
      { error: { message: 'x', code: 'context_length_exceeded' } },
      'context-overflow',
    ],
    ['F48: an error without a code', { error: { message: 'boom' } }, 'upstream-failed'],
    [
      'F48: an error in a choice, as OpenRouter tells it',
      {
        choices: [
          { finish_reason: 'error', message: { role: 'assistant', content: '' }, error: { code: 429, message: 'x' } },
        ],
      },
      'rate-limited',
    ],
    ['F48: an error in words', { error: 'boom' }, 'upstream-failed'],
    ['F48: nothing', {}, 'upstream-failed'],
    ['F48: a list', [], 'upstream-failed'],
    ['null', null, 'upstream-failed'],
    ['a word', 'error', 'upstream-failed'],
    ['a message beside no choices', { message: 'maximum context length' }, 'upstream-failed'],
    ['no candidates', { choices: [] }, 'upstream-failed'],
    ['a candidate without a message', { choices: [{ index: 0 }] }, 'upstream-failed'],
    ['a content of the wrong type', answerOf({ content: 5 }), 'upstream-failed'],
  ]
  for (const [title, body, kind] of FAILURES) {
    it(`${title} is told as ${kind}, and as the provider's fault`, () => {
      const error = failureOf(() => decodeAnswer(body))
      expect(error).to.include({ kind, source: 'provider' })
      expect(error.message).to.not.equal('')
    })
  }

  it('but an error that is null is none', () => {
    expect(decodeAnswer({ ...answerOf({ content: 'a' }), error: null }).choices).to.have.length(1)
  })
})

describe('the counters of a relayed answer', () => {
  it('are read from its bytes', () => {
    const usage = { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 }
    expect(openaiChat.response.usage(bytesOf({ ...answerOf({ content: '"usage":{}' }), usage }))).to.deep.equal({
      inputTokens: 3,
      outputTokens: 4,
    })
  })

  it('are none where the bytes are no answer, and nothing is thrown', () => {
    for (const body of ['', '{', '[]', '{"usage":5}', '{"usage":null}', '\xff']) {
      expect(openaiChat.response.usage(new TextEncoder().encode(body))).to.equal(undefined)
    }
  })
})
