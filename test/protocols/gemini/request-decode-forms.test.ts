import { expect } from 'chai'
import { decodeWith, sendOn } from './exchange.ts'

describe('gemini: a client’s request, decoded', () => {
  describe('Q74, trap 132: whatever protobuf takes', () => {
    const SAME: readonly (readonly [string, object])[] = [
      ['contents as a bare text', { contents: 'Hi' }],
      ['one content for a list', { contents: { role: 'user', parts: [{ text: 'Hi' }] } }],
      ['contents as texts', { contents: ['Hi', 'there'] }],
      ['a part for a content', { contents: [{ text: 'Hi' }] }],
      ['one part for a list', { contents: [{ role: 'user', parts: { text: 'Hi' } }] }],
      ['parts as texts', { contents: [{ role: 'user', parts: ['Hi'] }] }],
      ['no role', { contents: [{ parts: [{ text: 'Hi' }] }] }],
      [
        'the role of functions',
        { contents: [{ role: 'function', parts: [{ functionResponse: { name: 'f', response: {} } }] }] },
      ],
      ['no parts', { contents: [{ role: 'model' }, { role: 'user', parts: [] }] }],
      ['a system text', { systemInstruction: 'Be brief.' }],
      ['system text in snake_case, one part for a list', { system_instruction: { parts: { text: 'Be brief.' } } }],
      ['system text with a role', { systemInstruction: { role: 'system', parts: [{ text: 'a' }, { text: 'b' }] } }],
      [
        'snake_case everywhere',
        {
          generation_config: {
            max_output_tokens: 10,
            top_p: 0.5,
            stop_sequences: ['x'],
            response_mime_type: 'application/json',
            response_json_schema: { type: 'object' },
            thinking_config: { include_thoughts: true, thinking_budget: 5, thinking_level: 'low' },
            media_resolution: 'media_resolution_low',
          },
          tool_config: { function_calling_config: { mode: 'any', allowed_function_names: ['f'] } },
          safety_settings: [{ category: 'harm_category_harassment', threshold: 'block_none' }],
          tools: [{ function_declarations: [{ name: 'f', parameters_json_schema: { type: 'object' } }] }],
          contents: [
            {
              role: 'user',
              parts: [
                { inline_data: { mime_type: 'image/png', data: 'AA==', display_name: 'x' } },
                { file_data: { file_uri: 'https://example.com/a.pdf', mime_type: 'application/pdf' } },
              ],
            },
            { role: 'model', parts: [{ function_call: { name: 'f', args: {} }, thought_signature: 'c2ln' }] },
            { role: 'user', parts: [{ function_response: { name: 'f', response: { result: 1 } } }] },
          ],
        },
      ],
      ['a single tool for a list', { tools: { functionDeclarations: { name: 'f' } } }],
      ['a single stop sequence', { generationConfig: { stopSequences: 'x' } }],
      ['nulls', { tools: null, systemInstruction: null, generationConfig: { temperature: null }, toolConfig: null }],
      ['empty objects', { generationConfig: {}, toolConfig: { functionCallingConfig: {} }, tools: [] }],
      ['an empty tool', { tools: [{}, { functionDeclarations: [] }] }],
      [
        'unknown members at every depth',
        {
          tomorrow: 1,
          generationConfig: { tomorrow: { a: 1 }, thinkingConfig: { tomorrow: 2 } },
          toolConfig: { tomorrow: 3, functionCallingConfig: { streamFunctionCallArguments: true } },
          contents: [{ role: 'user', tomorrow: 4, parts: [{ text: 'Hi', partMetadata: { a: 1 }, tomorrow: null }] }],
          tools: [{ functionDeclarations: [{ name: 'f', behavior: 'BLOCKING', response: { type: 'STRING' } }] }],
        },
      ],
      [
        'K57: a level that says nothing',
        { generationConfig: { thinkingConfig: { thinkingLevel: 'thinking_level_unspecified' } } },
      ],
      [
        'a schema in the other dialect',
        {
          generationConfig: {
            responseMimeType: 'application/json',
            responseSchema: {
              type: 'OBJECT',
              properties: { 'a b%': { type: 'STRING', nullable: true } },
              propertyOrdering: ['a b%'],
            },
          },
        },
      ],
      ['a schema without its media type', { generationConfig: { responseJsonSchema: { type: 'OBJECT' } } }],
      [
        'another media type',
        { generationConfig: { responseMimeType: 'text/x.enum', responseSchema: { type: 'STRING', enum: ['a'] } } },
      ],
      ['plain text', { generationConfig: { responseMimeType: 'text/plain' } }],
      ['modes', { toolConfig: { functionCallingConfig: { mode: 'validated', allowedFunctionNames: [] } } }],
      [
        'a mode of tomorrow',
        { toolConfig: { functionCallingConfig: { mode: 'SOMETIMES', allowedFunctionNames: ['f'] } } },
      ],
      ['names beside AUTO', { toolConfig: { functionCallingConfig: { mode: 'AUTO', allowedFunctionNames: ['f'] } } }],
      ['names beside NONE', { toolConfig: { functionCallingConfig: { mode: 'NONE', allowedFunctionNames: ['f'] } } }],
      [
        'tools of the API beside functions',
        {
          tools: [
            { googleSearch: {}, functionDeclarations: [{ name: 'f' }, { name: 'g' }], urlContext: {} },
            { functionDeclarations: [{ name: 'h' }] },
            { mcpServers: [{ name: 's' }] },
          ],
        },
      ],
      [
        'parts that only this API has',
        {
          contents: [
            {
              role: 'model',
              parts: [
                { executableCode: { code: '1', language: 'PYTHON' }, thoughtSignature: 'x' },
                { tool_call: { id: '1' } },
                {},
                { videoMetadata: {} },
              ],
            },
          ],
        },
      ],
      [
        'signatures wherever they stand (Q66)',
        {
          contents: [
            {
              role: 'model',
              parts: [
                { text: '', thoughtSignature: 'a' },
                { thoughtSignature: 'b' },
                { text: 't', thought: true, thoughtSignature: '' },
                { inlineData: { mimeType: 'image/png', data: '' }, thoughtSignature: 'c' },
                { text: 'x', thought: false },
              ],
            },
          ],
        },
      ],
      [
        'media without a type, private files, a clip',
        {
          contents: [
            {
              role: 'user',
              parts: [
                { inlineData: { data: 'AA==' } },
                { fileData: { fileUri: 'gs://b/o', mimeType: 'video/mp4' }, videoMetadata: { fps: 1 } },
                { fileData: { fileUri: 'https://generativelanguage.googleapis.com/v1beta/files/x' } },
              ],
            },
          ],
        },
      ],
      [
        'names that are no words',
        JSON.parse(
          '{"__proto__": {"a": 1}, "contents": [{"role": "user", "constructor": 1, "parts": [{"text": "Hi", "__proto__": 1}]}]}',
        ),
      ],
      [
        'what is set beside all that',
        { cachedContent: 'cachedContents/x', labels: { a: 'b' }, store: false, serviceTier: 'flex' },
      ],
    ]
    for (const [title, members] of SAME) {
      it(`${title}: comes back as the same JSON, without a loss`, () => {
        const whole = { contents: [{ role: 'user', parts: [{ text: 'Hi' }] }], ...members }
        const { body, losses } = sendOn(members)
        expect(JSON.stringify(sorted(body))).to.equal(JSON.stringify(sorted(whole)))
        expect(losses).to.deep.equal([])
      })
    }
  })

  describe('K72: results, as clients wrap them', () => {
    const RESULTS = [
      [{ output: 'warm' }, 'warm', false],
      [{ result: 'warm' }, 'warm', false],
      [{ content: 'warm' }, 'warm', false],
      [{ name: 'f', content: 'warm' }, 'warm', false],
      [{ name: 'f', content: [{ text: 'a' }] }, '[{"text":"a"}]', false],
      [{ error: 'broken' }, 'broken', true],
      [{ error: { code: 1 } }, '{"code":1}', true],
      [{ output: 21 }, '21', false],
      [{ output: null }, 'null', false],
      [{ degrees: 21, city: 'Lisbon' }, '{"degrees":21,"city":"Lisbon"}', false],
      [{}, '{}', false],
    ] as const
    for (const [response, text, isError] of RESULTS) {
      it(`${JSON.stringify(response)} is ${text}${isError ? ', an error' : ''}, and goes back as it was`, () => {
        const members = { contents: [{ role: 'user', parts: [{ functionResponse: { name: 'f', response } }] }] }
        const [part] = decodeWith(members).messages[0]?.parts ?? []
        if (part?.type !== 'tool-result') throw new Error(part?.type)
        expect(part.content).to.deep.equal([{ type: 'text', text }])
        expect(part.isError ?? false).to.equal(isError)
        expect(sendOn(members).body).to.deep.equal(members)
      })
    }

    it('trap 71: pictures inside of a result are content', () => {
      const parts = [
        { inlineData: { mimeType: 'image/png', data: 'AA==' } },
        { fileData: { fileUri: 'gs://x' } },
        { odd: 1 },
      ]
      const members = {
        contents: [{ role: 'user', parts: [{ functionResponse: { name: 'f', response: { output: 'x' }, parts } }] }],
      }
      const [part] = decodeWith(members).messages[0]?.parts ?? []
      expect(part?.type === 'tool-result' && part.content.map(({ type }) => type)).to.deep.equal([
        'text',
        'image',
        'file',
        'opaque',
      ])
      expect(sendOn(members).body).to.deep.equal(members)
    })

    it('K64: an empty list of parts stays one', () => {
      const members = {
        contents: [{ role: 'user', parts: [{ functionResponse: { name: 'f', response: {}, parts: [] } }] }],
      }
      expect(sendOn(members).body).to.deep.equal(members)
    })
  })

  describe('traps 44, 83, Q68: results find their calls', () => {
    const call = (name: string, id?: string) => ({
      functionCall: { ...(id === undefined ? {} : { id }), name, args: {} },
    })
    const result = (name: string | undefined, id?: string) => ({
      functionResponse: { ...(id === undefined ? {} : { id }), ...(name === undefined ? {} : { name }), response: {} },
    })
    const pairs = (...contents: (readonly object[])[]) => {
      const { messages } = decodeWith({
        contents: contents.map((parts, index) => ({ role: index % 2 ? 'user' : 'model', parts })),
      })
      const parts = messages.flatMap((message) => message.parts)
      const calls = parts.flatMap((part) => (part.type === 'tool-call' ? [part.id] : []))
      const results = parts.flatMap((part) => (part.type === 'tool-result' ? [part.callId] : []))
      return {
        calls,
        answered: results.map((id) => calls.indexOf(id)),
        names: parts.flatMap((part) => (part.type === 'tool-result' ? [part.name] : [])),
      }
    }

    it('two of one function, without ids, in their order', () => {
      const { calls, answered } = pairs([call('f'), call('f')], [result('f'), result('f')])
      expect(new Set(calls).size).to.equal(2)
      expect(answered).to.deep.equal([0, 1])
    })
    it('by name, where the order is another', () =>
      expect(pairs([call('f'), call('g')], [result('g'), result('f')]).answered).to.deep.equal([1, 0]))
    it('by id, where there is one', () =>
      expect(pairs([call('f', 'a'), call('f', 'b')], [result('f', 'b'), result('f', 'a')]).answered).to.deep.equal([
        1, 0,
      ]))
    it('by order alone, where there is nothing else; the name is filled in', () => {
      const { answered, names } = pairs([call('f'), call('g')], [result(undefined), result(undefined)])
      expect(answered).to.deep.equal([0, 1])
      expect(names).to.deep.equal(['f', 'g'])
    })
    it('the calls of the latest turn go first', () =>
      expect(pairs([call('f')], [], [call('f')], [result('f')]).answered).to.deep.equal([1]))
    it('a result of no call has an id of its own', () =>
      expect(pairs([call('f')], [result('g')]).answered).to.deep.equal([-1]))
    it('trap 43, lesson 68: the ids are the same for the same conversation', () =>
      expect(pairs([call('f'), call('g')]).calls).to.deep.equal(pairs([call('f'), call('g')]).calls))
  })
})

/** The same with members in the order of their names. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1))
  return entries.map(([name, member]) => [name, sorted(member)])
}
