/** A request, written for a back end. */
import type { EncodedRequest } from '../codec.ts'
import { callTools } from '../ir/called-tools.ts'
import type { JsonObject } from '../ir/extra.ts'
import type { ModelFacts } from '../ir/facts.ts'
import { type FieldTable, writeFields } from '../ir/field-table.ts'
import { listLosses, type ReportLoss } from '../ir/loss.ts'
import type { ChatRequest } from '../ir/request.ts'
import { NARROW_NAMES } from '../ir/tool-name.ts'
import { limitCacheMarks } from './cache.ts'
import { giveBack, isOwn, isSpelled, PROTOCOL } from './keep.ts'
import { chooseMaxTokens } from './limits.ts'
import { SETTINGS, type SettingsContext } from './settings.ts'
import { dropSamplingBesideThinking, writeReasoning } from './thinking.ts'
import { allowedTools, encodeTool, encodeToolChoice } from './tools.ts'
import { writeTurns } from './turns.ts'
import type { MessagesRequest } from './wire.ts'

interface RequestContext {
  readonly facts: ModelFacts
  readonly report: ReportLoss
  readonly request: ChatRequest
}

/** The order of the rows counts: what the later ones write depends on the earlier. */
const FIELDS: FieldTable<ChatRequest, MessagesRequest, RequestContext> = {
  model: {
    write(value, body) {
      body.model = value
      return undefined
    },
  },
  messages: {
    write(value, body, { facts, report }) {
      const replaysReasoning = facts.replaysReasoning ?? false
      writeTurns(value, body, { issuer: facts.issuer ?? PROTOCOL, replaysReasoning, report })
      return undefined
    },
  },
  settings: {
    write(_value, body, context) {
      writeSettings(body, context)
      return undefined
    },
  },
  tools: {
    write(value, body, { request, report }) {
      const tools = allowedTools(value, request.toolChoice, report)
        .map((tool) => encodeTool(tool, `tools.${value.indexOf(tool)}`, report))
        .filter((tool) => tool !== undefined)
      if (tools.length > 0 || (isOwn(request) && value.length === 0)) body.tools = tools
      return undefined
    },
  },
  toolChoice: { elsewhere: 'writeChoice, which needs the tools that are left' },
  parallelToolCalls: { elsewhere: 'writeChoice' },
  stream: {
    write(value, body, { request }) {
      if (value) body.stream = true
      else if (isSpelled(request, 'unstreamed')) body.stream = false
      return undefined
    },
  },
  // A stream of this protocol always tells it.
  streamUsage: { elsewhere: 'stream-encode.ts' },
  extra: { elsewhere: 'giveBack' },
  previous: { lost: 'the Messages API keeps no conversation' },
  spelling: { elsewhere: 'giveBack' },
}

/** Longer than what the clouds take that serve the same models. @see https://docs.anthropic.com/en/api/messages */
const LONGEST_NAME = 128

/**
 * Writes the body for `/v1/messages`; a request that came to count its tokens keeps no limit, which that endpoint refuses.
 *
 * @see https://docs.anthropic.com/en/api/messages
 */
export function encodeRequest(asked: ChatRequest, facts: ModelFacts): EncodedRequest {
  const { losses, report } = listLosses()
  const names = isOwn(asked) ? { ...NARROW_NAMES, longest: LONGEST_NAME } : NARROW_NAMES
  const { request, called } = callTools(asked, { names }, report)
  const body: MessagesRequest = { model: '', messages: [] }
  const context: RequestContext = { facts, report, request }
  writeFields(request, FIELDS, body, context, '', report)
  writeChoice(body, context)
  dropSamplingBesideThinking(body, report)
  giveBack(body, request, '', report)
  limitCacheMarks(body, report)
  return { body: adaptNames(body, facts, report), losses, ...(called.size === 0 ? {} : { called }) }
}

function writeSettings(body: MessagesRequest, { facts, report, request }: RequestContext): void {
  const settings = request.settings
  const context: SettingsContext = {
    own: isOwn(request),
    olderFormat: isSpelled(request, 'output_format'),
    limitStated: settings.maxOutputTokens !== undefined,
    facts,
    report,
  }
  if (isSpelled(request, 'output_config')) body.output_config = {}
  writeFields(settings, SETTINGS, body, context, 'settings', report)
  if (!isSpelled(request, 'count') || context.limitStated) {
    body.max_tokens = chooseMaxTokens(settings.maxOutputTokens, facts, report)
  }
  if (settings.reasoning !== undefined) writeReasoning(settings.reasoning, body, context)
}

/** A choice without tools is refused (trap 117), and so is one of a tool that is not there. */
function writeChoice(body: MessagesRequest, { request, report }: RequestContext): void {
  const { toolChoice, parallelToolCalls } = request
  const tools = body.tools ?? []
  const isForced = toolChoice !== undefined && toolChoice.type !== 'auto' && toolChoice.type !== 'none'
  if (tools.length === 0) {
    if (isForced) report('toolChoice', 'there is no tool to choose')
    return
  }
  if (toolChoice?.type === 'tool' && !isOwn(request) && !hasTool(tools, toolChoice.name)) {
    report('toolChoice', `the tool ${toolChoice.name} is not there`)
    return
  }
  const choice = encodeToolChoice(toolChoice, parallelToolCalls, body.thinking?.type !== 'enabled', report)
  if (choice !== undefined) body.tool_choice = choice
}

function hasTool(tools: NonNullable<MessagesRequest['tools']>, name: string): boolean {
  return tools.some((tool) => tool.name === name)
}

/** Fields that this vendor calls otherwise, or refuses. */
function adaptNames(body: MessagesRequest, facts: ModelFacts, report: ReportLoss): JsonObject {
  const kept = Object.entries(body).filter(([name]) => {
    const isRefused = facts.refuses?.includes(name) ?? false
    if (isRefused) report(name, 'this provider refuses the field')
    return !isRefused
  })
  return Object.fromEntries(kept.map(([name, value]) => [facts.renames?.[name] ?? name, value]))
}
