import { existsSync, readdirSync, readFileSync } from 'node:fs'

const FOLDER = '../shared/wire'

export interface RecordedStream {
  readonly id: string
  readonly contentType: string
  readonly bytes: Uint8Array
}

/** Streams of real back ends, byte for byte; none where the recordings are not at hand. */
export function readRecordedStreams(): RecordedStream[] {
  if (!existsSync(FOLDER)) return []
  const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /^[^/]+\/.*\.json$/.test(file),
  )
  return files
    .map((file) => JSON.parse(readFileSync(`${FOLDER}/${file}`, 'utf8')))
    .filter((recording) => recording.response?.framing === 'as recorded')
    .map(({ id, response }) => ({
      id,
      contentType: response.headers['content-type'],
      bytes: Buffer.from(response.stream),
    }))
}
