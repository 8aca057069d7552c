/** The official `openai` client. */
import OpenAI from 'openai'
import { show, showAnswer, WEATHER } from './show.ts'

export async function demoOpenai(url: string): Promise<void> {
  const title = `openai ${url}/demo/v1`
  const client = new OpenAI({ baseURL: `${url}/demo/v1`, apiKey: 'any', maxRetries: 0 })

  const models = await client.models.list()
  show(`${title}: models`, models.data.map((model) => model.id).join(', '))

  const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: 'Hello there!' }]
  const plain = await client.chat.completions.create({ model: 'demo/echo', messages })
  show(`${title}: plain`, plain.choices[0]?.message.content ?? '')

  const stream = await client.chat.completions.create({
    model: 'demo/echo',
    messages,
    stream: true,
    stream_options: { include_usage: true },
  })
  const pieces: string[] = []
  for await (const chunk of stream) {
    const piece = chunk.choices[0]?.delta.content ?? ''
    if (piece !== '') pieces.push(piece)
    if (chunk.usage) pieces.push(` [${chunk.usage.total_tokens} tokens]`)
  }
  show(`${title}: streaming, ${pieces.length} pieces`, pieces.join('|'))

  await showTools(client, title)
  await showCompat(`${url}/demo/compat_mode/v1`)
}

/** The same tools for a model that only writes text: they are taught by prompt, and what it writes is read as calls. */
async function showCompat(baseURL: string): Promise<void> {
  await showTools(new OpenAI({ baseURL, apiKey: 'any', maxRetries: 0 }), `openai ${baseURL}`)
}

async function showTools(client: OpenAI, title: string): Promise<void> {
  const tools: OpenAI.ChatCompletionTool[] = [
    {
      type: 'function',
      function: { name: WEATHER.name, description: WEATHER.description, parameters: WEATHER.schema },
    },
  ]
  const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: WEATHER.ask }]
  const asked = await client.chat.completions.create({ model: 'demo/tools', messages, tools })
  const message = asked.choices[0]?.message
  const call = message?.tool_calls?.[0]
  if (message === undefined || call?.type !== 'function') throw new Error('the demo model has not called the tool')
  show(`${title}: tool call`, `${call.function.name} ${call.function.arguments}`)

  messages.push(message, { role: 'tool', tool_call_id: call.id, content: WEATHER.answer })
  const answered = await client.chat.completions.create({ model: 'demo/tools', messages, tools })
  showAnswer(title, answered.choices[0]?.message.content ?? '')
}
