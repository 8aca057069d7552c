/** Real exchanges of the vendors, played by a fake provider. Absent in a checkout without the shared ground. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { cutAt, type Script, type Step } from './fake-provider.ts'

const GROUND = new URL('../../../shared/wire/', import.meta.url)

export interface PlayableRecording {
  readonly id: string
  readonly response: {
    readonly status: number
    readonly headers: Readonly<Record<string, string>>
    readonly body?: unknown
    /** A stream as it stood on the wire. */
    readonly stream?: string
    readonly text?: string
  }
}

/** How the bytes were wrapped when they were recorded is no part of what was kept. */
const FRAMING: ReadonlySet<string> = new Set(['connection', 'content-encoding', 'content-length', 'transfer-encoding'])

/** @param protocol the folder of the recordings. @returns nothing at all when the ground is absent. */
export function readWireRecordings(protocol: string): readonly PlayableRecording[] {
  const folder = new URL(`${protocol}/`, GROUND)
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')))
}

/** @param positions bytes before which a stream is cut into writes of their own. */
export function playRecording(recording: PlayableRecording, ...positions: number[]): Script {
  const { status, body, stream, text } = recording.response
  const headers = Object.fromEntries(Object.entries(recording.response.headers).filter(([name]) => !FRAMING.has(name)))
  if (stream === undefined) return { kind: 'answer', status, headers, body: text ?? body }
  const length = Buffer.byteLength(stream)
  const steps: Step[] = cutAt(stream, ...positions.filter((position) => position > 0 && position < length))
  return { kind: 'stream', status, headers, steps }
}
