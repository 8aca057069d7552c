/** Writes a request of the interlingua for a target, tools in its protocol's way or by prompt. */
import type { Codec } from '../../protocols/codec.ts'
import type { CalledTools } from '../../protocols/ir/called-tools.ts'
import type { Loss } from '../../protocols/ir/loss.ts'
import type { ChatRequest } from '../../protocols/ir/request.ts'
import type { ToolDialect } from '../../protocols/ir/tool-dialect.ts'
import { createListener } from '../compat/listen.ts'
import type { ListenerOptions } from '../compat/listener.ts'
import { chooseDialect } from '../compat/teach/choose-dialect.ts'
import { fitDialect } from '../compat/teach/fit-dialect.ts'
import { mendEvents } from '../compat/teach/mend-events.ts'
import { teach } from '../compat/teach/teach.ts'
import type { CheckArguments } from '../compat/tools/argument-checker.ts'
import type { GroupPolicy } from '../config/group-policy.ts'
import type { Target } from '../providers/target.ts'
import { hasCalls } from './has-calls.ts'
import type { OpenListening } from './listening.ts'
import { mergeBody } from './shaping/merge-body.ts'
import type { ToolCalling } from './tool-calling.ts'

export interface WrittenCall {
  readonly body: string
  readonly losses: readonly Loss[]
  /** Tools that the target knows by another name or form. */
  readonly called?: CalledTools
  /** Calls come as text. */
  readonly listen?: OpenListening
  /** The model was given tools in its protocol's way. */
  readonly offersTools: boolean
}

export interface Writing {
  readonly target: Target
  readonly codec: Codec
  readonly policy: GroupPolicy
  readonly calling: ToolCalling
  readonly checkArguments: CheckArguments
  /** The model is not asked again for a call that does not fit. */
  readonly isLast: boolean
}

/** @param request as the group wants it, with the client's own tools and model; never changed. */
export function writeCall(request: ChatRequest, writing: Writing): WrittenCall {
  const { target, calling } = writing
  const isCalling = (request.tools?.length ?? 0) > 0 || hasCalls(request)
  if (calling.byPrompt && isCalling) return writeTaught(request, writing)
  const { body, losses, called } = encode(request, writing)
  const { tools } = request
  if (tools === undefined || tools.length === 0) return { body, losses, offersTools: false }
  const options = { ...listeningTo(request, writing), dialect: dialectOf(target), tools }
  return {
    body,
    losses,
    ...(called === undefined ? {} : { called }),
    ...(calling.catchesLeaks ? { listen: (emit) => createListener(options, emit) } : {}),
    // Whoever wants the protocol's way only gets no other.
    offersTools: calling.catchesLeaks,
  }
}

function writeTaught(request: ChatRequest, writing: Writing): WrittenCall {
  const dialect = fitDialect(dialectOf(writing.target), request.tools ?? [])
  const taught = teach(request, dialect, writing.policy.toolPrompt)
  const { body, losses } = encode(taught.request, writing)
  const { toolChoice, settings } = request
  // One answer can be asked for again, several cannot.
  const holds = !writing.isLast && (settings.candidates ?? 1) === 1
  const options: ListenerOptions = {
    ...listeningTo(request, writing),
    dialect,
    tools: taught.tools,
    withheld: taught.withheld,
    // Those that are not allowed are not taught; what is may bear another name than the client's.
    ...(toolChoice?.type === 'allowed' ? { toolChoice: { type: toolChoice.mode } } : {}),
    ...(holds ? { invalid: 'hold' } : {}),
    takenIds: taught.takenIds,
    stops: taught.stops,
  }
  return {
    body,
    // Where a back end takes no stops, none is missed that nobody asked for.
    losses: [...taught.losses, ...losses.filter(({ path }) => settings.stop !== undefined || path !== 'settings.stop')],
    called: taught.called,
    listen: (emit) => createListener(options, mendEvents(emit)),
    offersTools: false,
  }
}

function dialectOf({ facts, model }: Target): ToolDialect {
  return facts.toolDialect ?? chooseDialect(model)
}

function listeningTo({ toolChoice, parallelToolCalls }: ChatRequest, { checkArguments }: Writing) {
  return {
    ...(toolChoice === undefined ? {} : { toolChoice }),
    ...(parallelToolCalls === undefined ? {} : { parallel: parallelToolCalls }),
    check: checkArguments,
  }
}

function encode(request: ChatRequest, { target, codec, policy: { bodyParameters } }: Writing) {
  const { body, losses, called } = codec.request.encode({ ...request, model: target.model }, target.facts)
  const merged = bodyParameters === undefined ? body : mergeBody(body, bodyParameters)
  return { body: JSON.stringify(merged), losses, called }
}
