/** The official `openai` client again, speaking the Responses API; the gateway keeps its answers. */
import OpenAI from 'openai'
import { show, showAnswer, WEATHER } from './show.ts'

export async function demoResponses(url: string): Promise<void> {
  const title = `openai responses ${url}/demo/v1`
  const client = new OpenAI({ baseURL: `${url}/demo/v1`, apiKey: 'any', maxRetries: 0 })

  const plain = await client.responses.create({ model: 'demo/echo', input: 'Hello there!' })
  show(`${title}: plain`, plain.output_text)

  const pieces: string[] = []
  const stream = client.responses.stream({ model: 'demo/echo', input: 'And again!', previous_response_id: plain.id })
  stream.on('response.output_text.delta', (event) => pieces.push(event.delta))
  const { usage } = await stream.finalResponse()
  show(`${title}: streaming, going on from the answer before`, `${pieces.join('|')} [${usage?.total_tokens} tokens]`)

  const tools: OpenAI.Responses.FunctionTool[] = [
    {
      type: 'function',
      name: WEATHER.name,
      description: WEATHER.description,
      parameters: WEATHER.schema,
      strict: false,
    },
  ]
  const asked = await client.responses.create({ model: 'demo/tools', input: WEATHER.ask, tools })
  const call = asked.output.find((item) => item.type === 'function_call')
  if (call === undefined) throw new Error('the demo model has not called the tool')
  show(`${title}: tool call`, `${call.name} ${call.arguments}`)

  const result = { type: 'function_call_output' as const, call_id: call.call_id, output: WEATHER.answer }
  const request = { model: 'demo/tools', input: [result], previous_response_id: asked.id, tools }
  showAnswer(title, (await client.responses.create(request)).output_text)
}
