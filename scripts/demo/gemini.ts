/** The official `@google/genai` client; the demo model speaks another protocol, so everything is translated. */
import { type FunctionCall, GoogleGenAI } from '@google/genai'
import { show, showAnswer, WEATHER } from './show.ts'

export async function demoGemini(url: string): Promise<void> {
  const title = `@google/genai ${url}/demo`
  const client = new GoogleGenAI({ apiKey: 'any', httpOptions: { baseUrl: `${url}/demo` } })

  const plain = await client.models.generateContent({ model: 'demo/echo', contents: 'Hello there!' })
  show(`${title}: plain`, plain.text ?? '')

  const pieces: string[] = []
  let counted = ''
  for await (const chunk of await client.models.generateContentStream({
    model: 'demo/echo',
    contents: 'Hello there!',
  })) {
    if (chunk.text !== undefined && chunk.text !== '') pieces.push(chunk.text)
    const usage = chunk.usageMetadata
    if (usage !== undefined) counted = `${usage.promptTokenCount} + ${usage.candidatesTokenCount}`
  }
  show(`${title}: streaming, ${pieces.length} pieces`, `${pieces.join('|')} [${counted} tokens]`)

  await showTools(client, title)
}

async function showTools(client: GoogleGenAI, title: string): Promise<void> {
  const tools = [
    {
      functionDeclarations: [
        { name: WEATHER.name, description: WEATHER.description, parametersJsonSchema: WEATHER.schema },
      ],
    },
  ]
  const chat = client.chats.create({ model: 'demo/tools', config: { tools } })
  let call: FunctionCall | undefined
  let reason = ''
  for await (const chunk of await chat.sendMessageStream({ message: WEATHER.ask })) {
    call = chunk.functionCalls?.[0] ?? call
    reason = chunk.candidates?.[0]?.finishReason ?? reason
  }
  if (call?.name === undefined) throw new Error('the demo model has not called the tool')
  show(`${title}: tool call, finishReason ${reason}`, `${call.name} ${JSON.stringify(call.args)}`)

  const functionResponse = { id: call.id ?? '', name: call.name, response: { output: WEATHER.answer } }
  const answered = await chat.sendMessage({ message: { functionResponse } })
  showAnswer(title, answered.text ?? '')
}
