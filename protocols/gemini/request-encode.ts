/** A request, written for a back end. */
import type { EncodedRequest } from '../codec.ts'
import { callTools } from '../ir/called-tools.ts'
import type { ModelFacts } from '../ir/facts.ts'
import { type FieldTable, writeFields } from '../ir/field-table.ts'
import { listLosses, type ReportLoss } from '../ir/loss.ts'
import type { ChatRequest } from '../ir/request.ts'
import { giveBack, isOwn, isSpelled, spelledAfter } from './keep.ts'
import { HAD_TOOLS } from './request-decode.ts'
import { SETTINGS } from './settings.ts'
import { encodeChoice } from './tool-choice.ts'
import { FUNCTION_NAMES } from './tool-name.ts'
import { encodeTools } from './tools.ts'
import { writeTurns } from './turns.ts'
import type { GenerateContentRequest, GenerationConfig } from './wire.ts'

interface RequestContext {
  readonly facts: ModelFacts
  readonly report: ReportLoss
  readonly request: ChatRequest
}

const FIELDS: FieldTable<ChatRequest, GenerateContentRequest, RequestContext> = {
  model: {
    // It stands in the path (address.ts); only a client of this protocol that repeated it gets it repeated.
    write(model, body, { request }) {
      const prefix = spelledAfter(request, 'body-model:')
      if (prefix !== undefined) body.model = prefix + model
      return undefined
    },
  },
  stream: { elsewhere: 'address.ts: the path tells it' },
  // A stream of this protocol always tells it.
  streamUsage: { elsewhere: 'stream-encode.ts' },
  messages: {
    write(messages, body, { facts, report, request }) {
      writeTurns(messages, body, { model: request.model, facts, report })
      spellContents(body, request)
      return undefined
    },
  },
  tools: {
    write(tools, body, { facts, report, request }) {
      const written = encodeTools(tools, { facts, report })
      if (written.length === 0 && !(isOwn(request) && tools.length === 0)) return undefined
      body.tools = isSpelled(request, 'tools:single') && written.length === 1 ? written[0] : written
      return undefined
    },
  },
  toolChoice: {
    write(_choice, body, { report, request }) {
      const functionCallingConfig = encodeChoice(request, report)
      if (functionCallingConfig !== undefined) body.toolConfig = { functionCallingConfig }
      return undefined
    },
  },
  parallelToolCalls: {
    write(value, _body, { report }) {
      if (!value) report('parallelToolCalls', 'the model cannot be kept from calling several at once')
      return undefined
    },
  },
  settings: {
    write(settings, body, { facts, report, request }) {
      const config: GenerationConfig = {}
      writeFields(
        settings,
        SETTINGS,
        config,
        { model: request.model, facts, request, body, report },
        'settings',
        report,
      )
      if (Object.keys(config).length > 0) body.generationConfig = config
      return undefined
    },
  },
  previous: { lost: 'the Gemini API keeps no conversation' },
  extra: { elsewhere: 'giveBack' },
  spelling: { elsewhere: 'giveBack' },
}

/**
 * Writes the body for `:generateContent` and `:streamGenerateContent`, and for `:countTokens` what came to be counted.
 *
 * @see https://ai.google.dev/api/generate-content
 */
export function encodeRequest(asked: ChatRequest, facts: ModelFacts): EncodedRequest {
  const { losses, report } = listLosses()
  const { request, called } = callTools(asked, { names: FUNCTION_NAMES }, report)
  const body: GenerateContentRequest = {}
  writeFields(request, FIELDS, body, { facts, report, request }, '', report)
  giveBack(body, request, '', report)
  // Tools that are told in words are not told of here at all.
  if (request.tools === undefined && isSpelled(request, HAD_TOOLS)) delete body.toolConfig
  const whole = isSpelled(request, 'wrapped') ? { generateContentRequest: body } : body
  return { body: whole, losses, ...(called.size === 0 ? {} : { called }) }
}

/** One content, or a bare text, where a list is meant. */
function spellContents(body: GenerateContentRequest, request: ChatRequest): void {
  const contents = body.contents
  if (!Array.isArray(contents) || contents.length !== 1) return
  if (isSpelled(request, 'contents:single')) body.contents = contents[0]
  else if (isSpelled(request, 'contents:string')) body.contents = contents[0]
}
