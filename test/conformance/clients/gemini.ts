/** The `@google/genai` package. */
import {
  ApiError,
  type Content,
  type GenerateContentConfig,
  type GenerateContentParameters,
  type GenerateContentResponse,
  GoogleGenAI,
} from '@google/genai'
import { type Ask, type Choice, type Turn, UNKNOWN } from '../ask.ts'
import type { Client, Report } from './client.ts'

export const gemini: Client = {
  protocol: 'gemini',
  sdk: '@google/genai',
  finishes: { stop: 'STOP', length: 'MAX_TOKENS', calls: 'STOP', filter: 'SAFETY' },
  connect(url, key) {
    const sdk = new GoogleGenAI({ apiKey: key, httpOptions: { baseUrl: url } })
    return {
      plain: async (ask) => report([await sdk.models.generateContent(requestOf(ask))]),
      stream: async (ask) => {
        const chunks: GenerateContentResponse[] = []
        for await (const chunk of await sdk.models.generateContentStream(requestOf(ask))) chunks.push(chunk)
        return report(chunks)
      },
      models: async () => {
        const names: string[] = []
        for await (const { name } of await sdk.models.list()) names.push((name ?? '').replace(/^models\//, ''))
        return names
      },
    }
  },
  failureOf: (error) =>
    error instanceof ApiError
      ? { status: error.status, message: error.message }
      : { status: undefined, message: String(error) },
}

function requestOf(ask: Ask): GenerateContentParameters {
  const config = {
    systemInstruction: ask.system,
    tools: ask.tools && [
      {
        functionDeclarations: ask.tools.map(({ name, description, schema }) => ({
          name,
          description,
          parametersJsonSchema: schema,
        })),
      },
    ],
    toolConfig: ask.choice && { functionCallingConfig: choiceOf(ask.choice) },
    maxOutputTokens: ask.maxTokens,
    temperature: ask.temperature,
    topP: ask.topP,
    topK: ask.topK,
    seed: ask.seed,
    stopSequences: ask.stop,
    responseMimeType: ask.format && 'application/json',
    responseJsonSchema: typeof ask.format === 'object' ? ask.format.schema : undefined,
    thinkingConfig:
      ask.effort === undefined
        ? undefined
        : { includeThoughts: true, thinkingLevel: String(ask.effort).toUpperCase() as 'LOW' },
    httpOptions: ask.unknown === undefined ? undefined : { extraBody: { [UNKNOWN]: ask.unknown } },
  }
  return { model: ask.model, contents: ask.turns.map(contentOf), config: config as unknown as GenerateContentConfig }
}

function contentOf(turn: Turn): Content {
  if (turn.role === 'tool') {
    const parts = turn.results.map(({ id, name, text, isError }) => ({
      functionResponse: { id, name, response: isError === true ? { error: text } : { output: text } },
    }))
    return { role: 'user', parts }
  }
  const text = turn.text === undefined ? [] : [{ text: turn.text }]
  if (turn.role === 'assistant') {
    const calls = (turn.calls ?? []).map(({ id, name, input }) => ({
      functionCall: { id, name, args: { ...input } },
    }))
    return { role: 'model', parts: [...text, ...calls] }
  }
  const images = (turn.images ?? []).map(({ mediaType, base64 }) => ({
    inlineData: { mimeType: mediaType, data: base64 },
  }))
  return { role: 'user', parts: [...text, ...images] }
}

function choiceOf(choice: Choice): object {
  if (typeof choice === 'object') return { mode: 'ANY', allowedFunctionNames: [choice.name] }
  return { mode: { auto: 'AUTO', none: 'NONE', required: 'ANY' }[choice] }
}

function report(chunks: readonly GenerateContentResponse[]): Report {
  const parts = chunks.flatMap((chunk) => chunk.candidates?.[0]?.content?.parts ?? [])
  const usage = chunks.findLast((chunk) => chunk.usageMetadata !== undefined)?.usageMetadata
  const written = usage?.candidatesTokenCount
  return {
    text: parts.map(({ text, thought }) => (thought === true ? '' : (text ?? ''))).join(''),
    reasoning: parts.map(({ text, thought }) => (thought === true ? (text ?? '') : '')).join(''),
    calls: parts.flatMap(({ functionCall }) =>
      functionCall === undefined
        ? []
        : [{ id: functionCall.id ?? '', name: functionCall.name ?? '', input: functionCall.args ?? {} }],
    ),
    finish: chunks.at(-1)?.candidates?.[0]?.finishReason,
    input: usage?.promptTokenCount,
    output: written === undefined ? undefined : written + (usage?.thoughtsTokenCount ?? 0),
    cached: usage?.cachedContentTokenCount ?? 0,
  }
}
