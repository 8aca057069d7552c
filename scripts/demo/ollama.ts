/** The official `ollama` client. */
import { type Message, Ollama, type Tool } from 'ollama'
import { show, showAnswer, WEATHER } from './show.ts'

export async function demoOllama(url: string): Promise<void> {
  const title = `ollama ${url}/demo`
  const client = new Ollama({ host: `${url}/demo` })

  const { models } = await client.list()
  const { version } = await client.version()
  show(`${title}: models of version ${version}`, models.map((model) => model.name).join(', '))

  const messages: Message[] = [{ role: 'user', content: 'Hello there!' }]
  const plain = await client.chat({ model: 'demo/echo', messages })
  show(`${title}: plain`, plain.message.content)

  const pieces: string[] = []
  for await (const part of await client.chat({ model: 'demo/echo', messages, stream: true })) {
    pieces.push(part.done ? ` [${part.prompt_eval_count + part.eval_count} tokens]` : part.message.content)
  }
  show(`${title}: streaming, ${pieces.length} pieces`, pieces.join('|'))

  const completed = await client.generate({ model: 'demo/echo', prompt: 'Hello once more!' })
  show(`${title}: a prompt`, completed.response ?? '')

  await showTools(client, title)
}

async function showTools(client: Ollama, title: string): Promise<void> {
  const { name, description, schema: parameters } = WEATHER
  const tools: Tool[] = [{ type: 'function', function: { name, description, parameters } }]
  const messages: Message[] = [{ role: 'user', content: WEATHER.ask }]
  const asked = await client.chat({ model: 'demo/tools', messages, tools })
  const call = asked.message.tool_calls?.[0]
  if (call === undefined) throw new Error('the demo model has not called the tool')
  show(`${title}: tool call`, `${call.function.name} ${JSON.stringify(call.function.arguments)}`)

  messages.push(asked.message, { role: 'tool', tool_name: name, content: WEATHER.answer })
  const answered = await client.chat({ model: 'demo/tools', messages, tools })
  showAnswer(title, answered.message.content)
}
