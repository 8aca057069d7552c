/** The Gemini API as this codec writes it; what it reads is `unknown` until a decoder has looked at it. */

/** Words as the wire spells them, with room for those that are carried verbatim. */
interface Open {
  [member: string]: unknown
}

/** Exactly one member beside `thought` and `thoughtSignature` tells its kind. */
export interface WirePart extends Open {
  text?: string
  thought?: boolean
  thoughtSignature?: string
  inlineData?: Open
  fileData?: Open
  functionCall?: Open
  functionResponse?: Open
}

export interface Content extends Open {
  role?: string
  parts?: unknown
}

export interface ThinkingConfig extends Open {
  includeThoughts?: boolean
  thinkingBudget?: number
  thinkingLevel?: string
}

export interface GenerationConfig extends Open {
  temperature?: number
  topP?: number
  topK?: number
  maxOutputTokens?: number
  stopSequences?: string[]
  candidateCount?: number
  seed?: number
  presencePenalty?: number
  frequencyPenalty?: number
  responseMimeType?: string
  responseSchema?: unknown
  responseJsonSchema?: unknown
  responseLogprobs?: boolean
  logprobs?: number
  thinkingConfig?: ThinkingConfig
}

export interface FunctionCallingConfig extends Open {
  mode?: string
  allowedFunctionNames?: string[]
}

/** @see https://ai.google.dev/api/generate-content#method:-models.generatecontent */
export interface GenerateContentRequest extends Open {
  contents?: unknown
  systemInstruction?: unknown
  tools?: unknown
  toolConfig?: { functionCallingConfig?: FunctionCallingConfig } & Open
  generationConfig?: GenerationConfig
  serviceTier?: string
  store?: boolean
}

export interface UsageMetadata extends Open {
  promptTokenCount: number
  candidatesTokenCount: number
  totalTokenCount: number
  cachedContentTokenCount?: number
  thoughtsTokenCount?: number
}

export interface Candidate extends Open {
  content?: Content
  finishReason?: string
  index: number
}

/** A whole answer, and one chunk of a stream. */
export interface GenerateContentResponse extends Open {
  candidates?: Candidate[]
  usageMetadata?: UsageMetadata
  modelVersion?: string
  responseId?: string
}
