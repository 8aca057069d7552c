/** Writes a request of the interlingua for a target, tools in its protocol's way or by prompt. */
import type { Codec } from '../../protocols/codec.ts'
import type { CalledTools } from '../../protocols/ir/called-tools.ts'
import type { Loss } from '../../protocols/ir/loss.ts'
import type { ChatRequest } from '../../protocols/ir/request.ts'
import { createListener } from '../compat/listen.ts'
import { chooseDialect } from '../compat/teach/choose-dialect.ts'
import { mendEvents } from '../compat/teach/mend-events.ts'
import { teach } from '../compat/teach/teach.ts'
import type { GroupPolicy } from '../config/group-policy.ts'
import type { Target } from '../providers/target.ts'
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

/** @param request as the group wants it, with the client's own tools and model; never changed. */
export function writeCall(
  request: ChatRequest,
  {
    target,
    codec,
    policy,
    calling,
  }: {
    readonly target: Target
    readonly codec: Codec
    readonly policy: GroupPolicy
    readonly calling: ToolCalling
  },
): WrittenCall {
  const isCalling = (request.tools?.length ?? 0) > 0 || hasCalls(request)
  if (calling.byPrompt && isCalling) return writeTaught(request, target, codec, policy)
  const { body, losses, called } = encode(request, target, codec, policy)
  const { tools, toolChoice, parallelToolCalls } = request
  if (tools === undefined || tools.length === 0) return { body, losses, offersTools: false }
  const listen: OpenListening = (emit) =>
    createListener(
      {
        dialect: chooseDialect(target.model),
        tools,
        ...(toolChoice === undefined ? {} : { toolChoice }),
        ...(parallelToolCalls === undefined ? {} : { parallel: parallelToolCalls }),
      },
      emit,
    )
  return {
    body,
    losses,
    ...(called === undefined ? {} : { called }),
    ...(calling.catchesLeaks ? { listen } : {}),
    // Whoever wants the protocol's way only gets no other.
    offersTools: calling.catchesLeaks,
  }
}

function writeTaught(request: ChatRequest, target: Target, codec: Codec, policy: GroupPolicy): WrittenCall {
  const dialect = chooseDialect(target.model)
  const taught = teach(request, dialect)
  const { body, losses } = encode(taught.request, target, codec, policy)
  const { toolChoice, parallelToolCalls } = request
  const options = {
    dialect,
    tools: taught.tools,
    ...(toolChoice === undefined ? {} : { toolChoice }),
    ...(parallelToolCalls === undefined ? {} : { parallel: parallelToolCalls }),
    ...(policy.invalidToolCalls === 'retry' ? { invalid: 'hold' as const } : {}),
    takenIds: taught.takenIds,
    stops: taught.stops,
  }
  return {
    body,
    losses: [...taught.losses, ...losses],
    called: taught.called,
    listen: (emit) => createListener(options, mendEvents(emit)),
    offersTools: false,
  }
}

function encode(request: ChatRequest, target: Target, codec: Codec, { bodyParameters }: GroupPolicy) {
  const { body, losses, called } = codec.request.encode({ ...request, model: target.model }, target.facts)
  const merged = bodyParameters === undefined ? body : mergeBody(body, bodyParameters)
  return { body: JSON.stringify(merged), losses, called }
}

/** What was called before has to be told in words, too, when tools are. */
function hasCalls({ messages }: ChatRequest): boolean {
  return messages.some(({ parts }) => parts.some(({ type }) => type === 'tool-call' || type === 'tool-result'))
}
