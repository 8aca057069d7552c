/** Reads answers a second time, in the simplest way, as an oracle for what the codec must have understood. */

export interface ReadAnswer {
  readonly text: string
  readonly thoughts: string
  readonly refusal: string
  readonly calls: readonly { readonly name: string; readonly args: string }[]
}

/** One choice of a whole answer. */
export function readMessage(message: any): ReadAnswer {
  const pieces = Array.isArray(message.content) ? message.content : []
  const plain =
    typeof message.content === 'string' ? message.content : pieces.map((one: any) => one.text ?? '').join('')
  const inContent = pieces
    .flatMap((one: any) => one.thinking ?? [])
    .map((one: any) => one.text)
    .join('')
  const told = message.reasoning_content || message.reasoning || inContent
  return {
    ...splitTag(
      plain,
      told || (message.reasoning_details ?? []).map((one: any) => one.text ?? one.summary ?? '').join(''),
    ),
    refusal: message.refusal ?? '',
    calls: [...(message.tool_calls ?? []).map((call: any) => call.function), message.function_call]
      .filter((call) => call?.name)
      .map((call) => ({ name: call.name, args: call.arguments || '{}' })),
  }
}

function splitTag(text: string, thoughts: string): { text: string; thoughts: string } {
  const match = /^<think>\n*(.*?)(?:<\/think>\n*(.*))?$/s.exec(text)
  return match === null ? { text, thoughts } : { text: match[2] ?? '', thoughts: match[1] ?? '' }
}

/** Choice 0 of a stream: every data line that is JSON, one after the other. */
export function readStream(stream: string): ReadAnswer & { readonly usage: any; readonly failed: boolean } {
  let text = ''
  let thoughts = ''
  let refusal = ''
  let usage: any
  let failed = /^(?:event: ?error|error:)/m.test(stream)
  const calls = new Map<string, { name: string; args: string }>()
  for (const line of stream.split(/\r?\n/)) {
    if (!line.startsWith('data:') || line.includes('[DONE]')) continue
    const chunk = JSON.parse(line.slice('data:'.length))
    usage = chunk.usage ?? chunk.x_groq?.usage ?? usage
    failed ||= chunk.error !== undefined
    const delta = chunk.choices?.find((one: any) => one.index === 0)?.delta ?? {}
    text += typeof delta.content === 'string' ? delta.content : ''
    thoughts += delta.reasoning_content || delta.reasoning || ''
    refusal += delta.refusal ?? ''
    for (const [place, call] of (delta.tool_calls ?? []).entries()) {
      const key = String(call.index ?? place)
      const known = calls.get(key) ?? { name: '', args: '' }
      calls.set(key, {
        name: known.name || call.function.name || '',
        args: known.args + (call.function.arguments ?? ''),
      })
    }
  }
  const told = [...calls.values()].map((call) => ({ ...call, args: call.args === '' ? '{}' : call.args }))
  return { ...splitTag(text, thoughts), refusal, calls: told, usage, failed }
}
