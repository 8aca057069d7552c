/** The words with which a model is taught to call tools. */
import type { ResponseFormat } from '../../../protocols/ir/request.ts'
import type { FunctionTool } from '../../../protocols/ir/tool.ts'
import { describeTools } from './describe-tools.ts'
import { exampleCall } from './example-call.ts'
import { breakMarkers } from './guard-text.ts'
import type { Writer } from './writer.ts'

export interface Lesson {
  /** At least one. */
  readonly tools: readonly FunctionTool[]
  /** The reply must hold a call; with a name, of this tool. */
  readonly mustCall: boolean
  /** Several calls may stand in one reply. */
  readonly parallel: boolean
  /** What a reply without a call looks like; absent: text. */
  readonly format?: ResponseFormat
}

/** Depends on nothing but what it is given: the same tools give the same bytes, so that prompts stay cached. */
export function writePrompt({ tools, mustCall, parallel, format }: Lesson, writer: Writer): string {
  const [first, second = first] = tools
  if (first === undefined || second === undefined) throw new Error('there is no tool to teach')
  const one = writer.writeCalls([exampleCall(first, 'call_1')])
  const two = writer.writeCalls([exampleCall(first, 'call_1'), exampleCall(second, 'call_2')])
  const [only] = tools.length === 1 ? tools : []
  return [
    '# Tools',
    '',
    'You can use the tools below. To call one, write exactly this form in your reply, with the name and the arguments that you need:',
    '',
    one,
    '',
    ...(parallel ? ['Several calls that do not depend on each other go into one reply, like this:', '', two, ''] : []),
    'Rules:',
    ...[
      'What you want to say stands before the call. A call ends your turn: write nothing after it.',
      'Write the call itself, not in a code block of another kind and not as part of your reasoning, where it has no effect.',
      ...writer.rules,
      'Give every required parameter, use the names as they are given here, and call no other tools.',
      'The results come in the next message from the system. Never write a result yourself.',
      ...(parallel ? [] : ['Make one call at a time and wait for its result.']),
      ...(mustCall ? [] : [`When no tool is needed, answer ${describeAnswer(format)} without any call.`]),
    ].map((rule) => `- ${rule}`),
    '',
    '## What there is',
    '',
    describeTools(tools),
    ...(mustCall ? ['', only === undefined ? MUST_CALL : `Your reply must contain a call of ${only.name}.`] : []),
  ].join('\n')
}

function describeAnswer(format: ResponseFormat | undefined): string {
  if (format === undefined || format.type === 'text') return 'in plain text'
  const schema = format.type === 'json' ? '' : ` that fits this JSON Schema: ${JSON.stringify(format.schema)},`
  return breakMarkers(`with one JSON object${schema} and nothing around it,`)
}

const MUST_CALL = 'Your reply must contain a call of one of these tools.'
