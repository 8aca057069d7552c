import { expect } from 'chai'
import type { ApiErrorKind } from '../../../protocols/ir/error.ts'
import { refusesTools } from '../../../src/gateway/tool-refusals.ts'

/** As servers have been seen to say it: who, its status as a kind, its words. */
const REFUSALS: readonly (readonly [server: string, kind: ApiErrorKind, message: string])[] = [
  ['Ollama', 'bad-request', 'registry.ollama.ai/library/smollm2:135m does not support tools'],
  ['Ollama by its OpenAI face', 'bad-request', 'llama3 does not support tools'],
  ['vLLM', 'bad-request', '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set'],
  ['vLLM, demanded', 'bad-request', 'tool_choice="required" requires --tool-call-parser to be set'],
  ['llama.cpp', 'internal', 'tools param requires --jinja flag'],
  ['llama.cpp before that', 'internal', 'Unsupported param: tools'],
  ['ik_llama.cpp', 'internal', 'tools param is not fully supported yet'],
  ['Unsloth', 'bad-request', 'The chat template of the loaded model does not support tools.'],
  [
    'OpenRouter',
    'not-found',
    'Provider openrouter: No endpoints found that support tool use. To learn more about provider routing, visit: https://example.com',
  ],
  ['OpenRouter, with advice', 'model-not-found', 'No endpoints found that support tool use. Try disabling "question".'],
  ['co/core', 'bad-request', 'No connected provider supports tool calling for this model.'],
  [
    'OpenAI',
    'bad-request',
    'tools is not supported in this model. For a list of supported models, refer to the guide.',
  ],
  ['OpenAI of old', 'bad-request', 'Unrecognized request argument supplied: functions'],
  [
    'xAI',
    'bad-request',
    'Invalid request content: The model does not support tool use or function calling but tools or tool_choice have been specified on the request.',
  ],
  ['DeepInfra', 'method-not-allowed', 'Tool calling is not supported for model: mistralai/Mistral-Small-24B'],
  ['Groq', 'bad-request', '`tool calling` is not supported with this model'],
  ['Gemini', 'bad-request', 'Function calling is not enabled for models/gemma-3-27b-it'],
  ['Gemini, old version', 'bad-request', 'Invalid JSON payload received. Unknown name "tools": Cannot find field.'],
  ['Bedrock', 'bad-request', "This model doesn't support tool use."],
  ['Anthropic', 'bad-request', "'claude-2.1' does not support tool use."],
  ['LiteLLM', 'bad-request', "together_ai does not support parameters: {'tools': [{'type': 'function'}]}, for model=x"],
  ['LiteLLM, by name', 'bad-request', "together_ai does not support parameters: ['tools'], for model=x"],
  ['NIM', 'bad-request', 'Tool use has not been enabled, because it is unsupported by this model.'],
  ['a strict server', 'bad-request', 'tools: Extra inputs are not permitted'],
]

/** What sounds alike and is about something else. */
const OTHERS: readonly (readonly [what: string, kind: ApiErrorKind, message: string])[] = [
  ['a value of the choice', 'not-found', "No endpoints found that support the provided 'tool_choice' value."],
  ['a value of the choice', 'bad-request', 'Thinking mode does not support this tool_choice'],
  ['a value of the choice', 'bad-request', "This model doesn't support the toolConfig.toolChoice.tool field."],
  ['parallel calls', 'bad-request', "Unsupported parameter: 'parallel_tool_calls' is not supported with this model."],
  ['parallel calls', 'bad-request', 'This model does not support parallel tool calls'],
  ['one tool', 'bad-request', "Hosted tool 'web_search_preview' is not supported with gpt-4.1-nano."],
  ['one kind of tool', 'bad-request', 'This model does not support tools of type web_search'],
  ['tools of two kinds', 'bad-request', 'Tool use with function calling is unsupported'],
  ['tools beside JSON', 'bad-request', "Function calling with a response mime type: 'application/json' is unsupported"],
  ['tools beside JSON', 'bad-request', 'Tools are not supported when response_format is set'],
  ['one schema', 'bad-request', 'tools.0.function.parameters: Extra inputs are not permitted'],
  ['one schema', 'bad-request', 'Unknown name "tools[0].strict": Cannot find field.'],
  ['a call of the model', 'bad-request', 'tool call validation failed: parameters for tool x did not match schema'],
  ['images', 'bad-request', 'llama3 does not support images'],
  ['too many', 'bad-request', 'Too many tools: 200, at most 128 are supported'],
  ['the key', 'unauthorized', 'Your plan does not support tools'],
  ['the rate', 'rate-limited', 'This model does not support tools at this rate'],
]

describe('gateway/tool-refusals', () => {
  for (const [server, kind, message] of REFUSALS) {
    it(`understands ${server}: ${message}`, () => {
      expect(refusesTools({ kind, message, source: 'provider' })).to.equal(true)
      expect(refusesTools({ kind, message, source: 'proxy' }), 'our own words').to.equal(false)
    })
  }
  for (const [what, kind, message] of OTHERS) {
    it(`takes what is about ${what} for no refusal of tools: ${message}`, () => {
      expect(refusesTools({ kind, message, source: 'provider' })).to.equal(false)
    })
  }
})
