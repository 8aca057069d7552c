/** A back end whose models only write text: it refuses tools, reads its prompt, and calls by hand-written dialects. */

import type { BackEnd } from '../clients/back-ends.ts'
import type { RecordedRequest, Script } from '../support/fake-provider.ts'

/** What the tools of these tests know: each key leads to the next, and only whoever runs the tool can know which. */
export const TRAIL = ['start', 'moss', 'ember', 'quartz', 'willow', 'treasure-7319']

/** What the model writes into a file: whatever has broken parsers, and the client must get it unharmed. */
export const NOTE = 'if (a < b && "c") {\n  say(`</b> &amp; </parameter> 🙂`)\n}\t\\n \'x\'\n'

/** By the name of a model; of each family one, so that each is taught its own dialect. */
export const MODELS: Readonly<Record<string, (calls: readonly WrittenCall[]) => string>> = {
  'qwen2.5:7b': (calls) => calls.map((call) => `<tool_call>\n${object(call, 'arguments')}\n</tool_call>`).join('\n'),
  'qwen3-coder:30b': (calls) => calls.map((call) => `<tool_call>\n${tagged(call)}\n</tool_call>`).join('\n'),
  'Seed-OSS-36B': (calls) => calls.map((call) => `<seed:tool_call>\n${tagged(call)}\n</seed:tool_call>`).join('\n'),
  'claude-2.1': (calls) => `<function_calls>\n${calls.map(invoked).join('\n')}\n</function_calls>`,
  'MiniMax-M2': (calls) => `<minimax:tool_call>\n${calls.map(invoked).join('\n')}\n</minimax:tool_call>`,
  'glm-4.6': (calls) =>
    calls
      .map(([name, key, value]) => {
        return `<tool_call>${name}\n<arg_key>${key}</arg_key>\n<arg_value>${value}</arg_value>\n</tool_call>`
      })
      .join('\n'),
  'llama-3.3-70b': (calls) => calls.map((call) => object(call, 'parameters')).join('\n'),
  'llama4:scout': (calls) =>
    `[${calls.map(([name, key, value]) => `${name}(${key}=${JSON.stringify(value)})`).join(', ')}]`,
  'gemma3:27b': (calls) => calls.map((call) => `\`\`\`tool_call\n${object(call, 'arguments')}\n\`\`\``).join('\n'),
}

/** One parameter each. */
type WrittenCall = readonly [name: string, key: string, value: string]

function object([name, key, value]: WrittenCall, member: string): string {
  return JSON.stringify({ name, [member]: { [key]: value } })
}

function tagged([name, key, value]: WrittenCall): string {
  return `<function=${name}>\n<parameter=${key}>\n${value}\n</parameter>\n</function>`
}

function invoked([name, key, value]: WrittenCall): string {
  return `<invoke name="${name}">\n<parameter name="${key}">${value}</parameter>\n</invoke>`
}

/** Members by which the protocols offer tools. */
const TOOL_MEMBERS = ['tools', 'tool_choice', 'toolConfig', 'tool_config', 'parallel_tool_calls', 'functions']

/**
 * Goes the whole trail, two calls a turn, and tells at its end where it led.
 *
 * @param faults hears of everything that a model without tools must not be told, or must be told and is not.
 */
export function followTrail(backEnd: BackEnd, faults: string[]): (request: RecordedRequest) => Script {
  return (request) => {
    const { json } = request
    for (const member of TOOL_MEMBERS) if (json[member] !== undefined) faults.push(`it was sent ${member}`)
    const words = wordsOf(json)
    for (const needed of ['### lookup', '### write_note', 'Finds what a key leads to.', '- key (string, required)']) {
      if (!words.includes(needed)) faults.push(`its prompt lacks ${needed}`)
    }
    const found = [...words.matchAll(/leads to ([\w-]+)\./g)].map(([, key]) => key)
    const noted = words.split(`noted ${NOTE.length}`).length - 1
    if (noted !== found.length) faults.push(`${noted} notes for ${found.length} keys`)
    if (found.join() !== TRAIL.slice(1, found.length + 1).join()) faults.push(`the trail was ${found.join()}`)
    const write = MODELS[modelOf(request)]
    if (write === undefined) throw new Error(`no model ${modelOf(request)}`)
    const last = found.at(-1) ?? 'start'
    const text =
      found.length === TRAIL.length - 1
        ? `The trail ends at ${last}.`
        : `Step ${found.length + 1}: a < b.\n\n${write([
            ['lookup', 'key', last],
            ['write_note', 'text', NOTE],
          ])}`
    return backEnd.answer({ text: [...text], usage: { input: 30, output: 19 } })(request)
  }
}

function modelOf({ json, path }: RecordedRequest): string {
  return json.model ?? decodeURIComponent(/\/models\/([^?]+):/.exec(path)?.[1] ?? '')
}

/** All texts of a request, in their order. */
export function wordsOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value !== 'object' || value === null) return ''
  return Object.values(value).map(wordsOf).join('\n')
}
