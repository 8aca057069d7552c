/** What the table of imports cannot see: knowledge of a wire outside its folder, and effects inside the pure core. */
import { globSync, readFileSync } from 'node:fs'
import { expect } from 'chai'

/** Words that stand on one wire only; whoever uses one outside its folder knows too much. */
const WIRE_WORDS: Readonly<Record<string, readonly string[]>> = {
  anthropic: [
    'content_block',
    'message_start',
    'message_delta',
    'tool_use',
    'tool_result',
    'input_schema',
    'cache_control',
    'stop_sequences',
    'input_json_delta',
    'redacted_thinking',
  ],
  'openai-chat': [
    'tool_calls',
    'tool_call_id',
    'finish_reason',
    'prompt_tokens',
    'chat.completion',
    'image_url',
    'reasoning_content',
  ],
  'openai-responses': ['function_call_output', 'output_text', 'previous_response_id', 'response.completed'],
  gemini: [
    'generationConfig',
    'functionDeclarations',
    'functionCall',
    'usageMetadata',
    'inlineData',
    'thoughtSignature',
  ],
  ollama: ['done_reason', 'prompt_eval_count', 'num_predict', 'keep_alive'],
}

/**
 * Data about providers names fields of their wires, the configuration's own fields may share a word, and so may the marks that models
 * write around calls.
 */
const MAY_NAME_WIRES = /^src\/(providers|config|compat)\//

const sources = globSync('{protocols,src}/**/*.ts').map((file) => ({
  file: file.replaceAll('\\', '/'),
  text: readFileSync(file, 'utf8'),
}))

/** The code without its comments: those may speak of anything. */
function stripComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1')
}

describe('architecture', () => {
  it('no wire word stands outside the folder of its protocol', () => {
    const strays: string[] = []
    for (const { file, text } of sources) {
      if (MAY_NAME_WIRES.test(file)) continue
      // A codec may be called like a word of its neighbour's wire; that is checked for everything that is no codec.
      if (/^protocols\/(?!ir\/|framing\/|json\/)[^/]+\//.test(file)) continue
      const code = stripComments(text)
      for (const [protocol, words] of Object.entries(WIRE_WORDS)) {
        for (const word of words) if (code.includes(word)) strays.push(`${file}: ${word} (${protocol})`)
      }
    }
    expect(strays).to.deep.equal([])
  })

  it('nobody compares with the name of a protocol outside its folder', () => {
    const names = Object.keys(WIRE_WORDS).join('|')
    const comparison = new RegExp(`[!=]==? '(?:${names})'|'(?:${names})' [!=]==?|case '(?:${names})'`)
    const strays = sources.filter(({ file, text }) => {
      const [, folder] = /^protocols\/([^/]+)\//.exec(file) ?? []
      return folder !== undefined && folder in WIRE_WORDS ? false : comparison.test(stripComments(text))
    })
    expect(strays.map((source) => source.file)).to.deep.equal([])
  })

  it('protocols use no clock, no chance and no timer of their own', () => {
    const effect =
      /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bsetTimeout\(|\bsetInterval\(|\bfetch\(|\bprocess\.(?!nextTick)/
    const strays = sources.filter(({ file, text }) => file.startsWith('protocols/') && effect.test(stripComments(text)))
    expect(strays.map((source) => source.file)).to.deep.equal([])
  })

  it('no file is called utils, helpers, common or misc', () => {
    const vague = sources.filter(({ file }) => /\/(utils?|helpers?|common|misc)\.ts$/.test(file))
    expect(vague.map((source) => source.file)).to.deep.equal([])
  })
})
