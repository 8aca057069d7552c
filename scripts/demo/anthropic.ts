/** The official `@anthropic-ai/sdk` client; the demo model speaks another protocol, so everything is translated. */
import Anthropic from '@anthropic-ai/sdk'
import { show, showAnswer, WEATHER } from './show.ts'

const MAX_TOKENS = 1000

export async function demoAnthropic(url: string): Promise<void> {
  const title = `@anthropic-ai/sdk ${url}/demo`
  const client = new Anthropic({ baseURL: `${url}/demo`, apiKey: 'any', maxRetries: 0 })

  const messages: Anthropic.MessageParam[] = [{ role: 'user', content: 'Hello there!' }]
  const plain = await client.messages.create({ model: 'demo/echo', max_tokens: MAX_TOKENS, messages })
  show(`${title}: plain`, textOf(plain))

  const pieces: string[] = []
  const stream = client.messages.stream({ model: 'demo/echo', max_tokens: MAX_TOKENS, messages })
  stream.on('text', (piece) => pieces.push(piece))
  const { usage } = await stream.finalMessage()
  show(
    `${title}: streaming, ${pieces.length} pieces`,
    `${pieces.join('|')} [${usage.input_tokens} + ${usage.output_tokens} tokens]`,
  )

  await showTools(client, title)
  await showCompat(`${url}/demo/compat_mode`)
}

/** The same tools for a model that only writes text: they are taught by prompt, and what it writes is read as calls. */
async function showCompat(baseURL: string): Promise<void> {
  await showTools(new Anthropic({ baseURL, apiKey: 'any', maxRetries: 0 }), `@anthropic-ai/sdk ${baseURL}`)
}

async function showTools(client: Anthropic, title: string): Promise<void> {
  const tools: Anthropic.Tool[] = [
    { name: WEATHER.name, description: WEATHER.description, input_schema: WEATHER.schema },
  ]
  const messages: Anthropic.MessageParam[] = [{ role: 'user', content: WEATHER.ask }]
  const asked = await client.messages
    .stream({ model: 'demo/tools', max_tokens: MAX_TOKENS, messages, tools })
    .finalMessage()
  const call = asked.content.find((block) => block.type === 'tool_use')
  if (call === undefined) throw new Error('the demo model has not called the tool')
  show(`${title}: tool call, stop_reason ${asked.stop_reason}`, `${call.name} ${JSON.stringify(call.input)}`)

  messages.push(
    { role: 'assistant', content: asked.content },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: call.id, content: WEATHER.answer }] },
  )
  const answered = await client.messages.create({ model: 'demo/tools', max_tokens: MAX_TOKENS, messages, tools })
  showAnswer(title, textOf(answered))
}

function textOf(message: Anthropic.Message): string {
  return message.content.map((block) => (block.type === 'text' ? block.text : `[${block.type}]`)).join('')
}
