/** Compresses as servers do: a whole body, or a stream that is flushed after each event. */
import { once } from 'node:events'
import {
  brotliCompressSync,
  constants,
  createBrotliCompress,
  createDeflate,
  createGzip,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from 'node:zlib'

export type ContentEncoding = 'gzip' | 'br' | 'deflate' | 'deflate-raw' | 'zstd'

const ENCODERS: Readonly<Record<ContentEncoding, (bytes: Uint8Array) => Buffer>> = {
  gzip: gzipSync,
  br: brotliCompressSync,
  deflate: deflateSync,
  'deflate-raw': deflateRawSync,
  zstd: zstdCompressSync,
}

export function encode(encoding: ContentEncoding, bytes: Uint8Array): Buffer {
  return ENCODERS[encoding](bytes)
}

const FLUSHED = {
  gzip: () => createGzip({ flush: constants.Z_SYNC_FLUSH }),
  deflate: () => createDeflate({ flush: constants.Z_SYNC_FLUSH }),
  br: () => createBrotliCompress({ flush: constants.BROTLI_OPERATION_FLUSH }),
} as const

/** One piece per event, each of which a reader can decode on its own arrival, and the end. */
export async function flushedPieces(encoding: keyof typeof FLUSHED, events: readonly string[]): Promise<Buffer[]> {
  const stream = FLUSHED[encoding]()
  const pieces: Buffer[] = []
  for (const event of events) {
    await new Promise<void>((resolve) => stream.write(event, () => resolve()))
    pieces.push(stream.read() as Buffer)
  }
  stream.end()
  await once(stream, 'readable')
  const rest = stream.read() as Buffer | null
  if (rest !== null) pieces.push(rest)
  return pieces
}
