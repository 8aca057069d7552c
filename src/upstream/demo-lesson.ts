/**
 * How the demo reads a prompt that teaches it tools in words. It knows no dialect: as models do that only write text, it
 * copies the example that it is shown, calls only what is listed, and tells results by the marks around them.
 */
import type { Message } from '../../protocols/ir/message.ts'
import type { Part, ToolCallPart, ToolResultPart } from '../../protocols/ir/part.ts'
import type { ChatRequest } from '../../protocols/ir/request.ts'
import type { FunctionTool } from '../../protocols/ir/tool.ts'

/** What the prompt says of tools. */
export interface Lesson {
  /** The same request as a client with native tools would have sent it. */
  readonly request: ChatRequest
  /** A call in the form that the prompt shows. */
  readonly writeCall: (call: ToolCallPart) => string
}

/** An example of a call in JSON, between the lines right before and behind it: tags, a fence, or nothing. */
const EXAMPLE = /\n\n(\S.*\n)?(\{"name": ".*", "(arguments|parameters)": \{.*\}\})(\n\S.*)?\n\n/

/** A tool is listed under its name. */
const TOOL = /^### (\S.*)$/gm

const MUST_CALL = 'Your reply must contain a call'
const ONE_AT_A_TIME = 'Make one call at a time'

/** Where the lesson stands before what the user says first, that begins here. */
const MESSAGE = '\n\n# Message\n\n'

/** What a tool answered, in a tag or in a fence: with its id, its name, and whether it failed. */
const RESULT =
  /^(?:<([a-z_:]+)|(`{3,})\w+) id="([^"]*)"(?: name="([^"]*)")?( status="error")?(?:>\n?|\n)([\s\S]*?)\n?(?=[<`])(?:<\/\1>|\2)$/gm

/** @returns nothing where no tools are taught. */
export function readLesson(request: ChatRequest): Lesson | undefined {
  for (const part of request.messages.flatMap(({ parts }) => parts)) {
    const found = part.type === 'text' ? EXAMPLE.exec(part.text) : null
    const example = found === null ? undefined : readExample(found[2] ?? '')
    if (found === null || example === undefined) continue
    const [, before = '', , member = '', behind = ''] = found
    const [text = ''] = found.input.slice(found.index).split(MESSAGE, 1)
    return {
      request: {
        ...request,
        messages: request.messages.map(readMessage),
        tools: [...text.matchAll(TOOL)].map(([, name = '']) => readTool(name, example)),
        toolChoice: { type: text.includes(MUST_CALL) ? 'required' : 'auto' },
        parallelToolCalls: !text.includes(ONE_AT_A_TIME),
      },
      writeCall: (call) => `${before}{"name": ${JSON.stringify(call.name)}, "${member}": ${call.arguments}}${behind}`,
    }
  }
  return undefined
}

interface Example {
  readonly name: unknown
  readonly arguments: unknown
}

function readExample(json: string): Example | undefined {
  try {
    const { name, parameters, arguments: args = parameters } = JSON.parse(json)
    return { name, arguments: args }
  } catch {
    return undefined
  }
}

/** Whoever must call a tool and is told no arguments repeats those of the example. */
function readTool(name: string, example: Example): FunctionTool {
  return { type: 'function', name, ...(name === example.name ? { parameters: { const: example.arguments } } : {}) }
}

function readMessage(message: Message): Message {
  return message.role === 'user' ? { ...message, parts: message.parts.flatMap(readPart) } : message
}

/** Answers of tools, and what the user says besides. */
function readPart(part: Part): readonly Part[] {
  if (part.type !== 'text') return [part]
  const at = part.text.indexOf(MESSAGE)
  const text = at < 0 ? part.text : part.text.slice(at + MESSAGE.length)
  const results = [...text.matchAll(RESULT)].map(readResult)
  const rest = text.replace(RESULT, '')
  return results.length > 0 && rest.trim() === '' ? results : [...results, { ...part, text: rest }]
}

function readResult([, , , callId = '', name, failed, text = '']: RegExpExecArray): ToolResultPart {
  return {
    type: 'tool-result',
    callId,
    ...(name === undefined ? {} : { name }),
    isError: failed !== undefined,
    content: [{ type: 'text', text }],
  }
}
