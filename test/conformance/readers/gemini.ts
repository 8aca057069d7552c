/** @see https://ai.google.dev/api/generate-content */
import type { AskedTool, Turn } from '../ask.ts'
import { namesOf, type Reader } from './reader.ts'

export const geminiReader: Reader = {
  protocol: 'gemini',
  names: namesOf(`
    contents systemInstruction role parts text thought thoughtSignature inlineData mimeType data fileData fileUri
    functionCall id name args functionResponse response
    tools functionDeclarations description parameters parametersJsonSchema
    toolConfig functionCallingConfig mode allowedFunctionNames
    generationConfig temperature topP topK maxOutputTokens stopSequences candidateCount seed presencePenalty
    frequencyPenalty responseMimeType responseSchema responseJsonSchema responseLogprobs logprobs
    thinkingConfig includeThoughts thinkingBudget thinkingLevel safetySettings cachedContent`),
  open: namesOf('args response parameters parametersJsonSchema responseSchema responseJsonSchema'),
  read({ json, path }) {
    const config = json.generationConfig ?? {}
    const thinking = config.thinkingConfig
    const calling = json.toolConfig?.functionCallingConfig
    const schema = config.responseJsonSchema ?? config.responseSchema
    return {
      model: /\/models\/([^:?]+):/.exec(path)?.[1] ?? '',
      system: textOf(json.systemInstruction?.parts ?? []),
      turns: json.contents.flatMap(turnsOf),
      tools: json.tools?.flatMap(({ functionDeclarations }: any) => functionDeclarations.map(toolOf)),
      choice: choiceOf(calling),
      maxTokens: config.maxOutputTokens,
      temperature: config.temperature,
      topP: config.topP,
      topK: config.topK,
      seed: config.seed,
      stop: config.stopSequences,
      format: config.responseMimeType !== 'application/json' ? undefined : schema === undefined ? 'json' : { schema },
      effort: thinking?.thinkingLevel?.toLowerCase() ?? thinking?.thinkingBudget,
      stream: path.includes(':streamGenerateContent'),
    } as ReturnType<Reader['read']>
  },
}

function textOf(parts: any[]): string | undefined {
  const texts = parts.filter((part) => part.text !== undefined && part.thought !== true).map(({ text }) => text)
  return texts.length === 0 ? undefined : texts.join('')
}

function turnsOf({ role, parts }: any): Turn[] {
  const text = textOf(parts)
  if (role === 'model') {
    const calls = parts.flatMap(({ functionCall }: any) =>
      functionCall === undefined
        ? []
        : [{ id: functionCall.id, name: functionCall.name, input: functionCall.args ?? {} }],
    )
    return [{ role: 'assistant', text, calls } as Turn]
  }
  const results = parts.flatMap(({ functionResponse }: any) =>
    functionResponse === undefined ? [] : [resultOf(functionResponse)],
  )
  const images = parts.flatMap(({ inlineData }: any) =>
    inlineData === undefined ? [] : [{ mediaType: inlineData.mimeType, base64: inlineData.data }],
  )
  const hasWords = text !== undefined || images.length > 0
  return [
    ...(results.length > 0 ? [{ role: 'tool', results }] : []),
    ...(hasWords || results.length === 0 ? [{ role: 'user', text, images }] : []),
  ] as Turn[]
}

/** The API's own words: `output` and `error` are what the model is told; any other object is an output as a whole. */
function resultOf({ id, name, response }: any): object {
  const isError = response.error !== undefined
  const told = response.error ?? response.output ?? response.result ?? response
  return { id, name, text: typeof told === 'string' ? told : JSON.stringify(told), isError: isError ? true : undefined }
}

function toolOf({ name, description, parameters, parametersJsonSchema }: any): AskedTool {
  return { name, description, schema: parametersJsonSchema ?? parameters }
}

function choiceOf(calling: any): unknown {
  if (calling === undefined) return undefined
  const names = calling.allowedFunctionNames
  if (calling.mode === 'ANY' && names?.length === 1) return { name: names[0] }
  return { AUTO: 'auto', NONE: 'none', ANY: 'required' }[calling.mode as string] ?? calling.mode
}
