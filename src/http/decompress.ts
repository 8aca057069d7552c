/** Undoes a content encoding piece by piece, for bodies of requests and of answers alike. */

import type { Transform } from 'node:stream'
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
} from 'node:zlib'

export interface DecompressSink {
  data(chunk: Buffer): void
  /** Everything was read and was whole. */
  end(): void
  /** The bytes are not what the encoding says, or end too early. Nothing follows. */
  fail(error: Error): void
  /** More may be written, after `write` returned false. */
  drain(): void
}

export interface Decompressor {
  /** Returns false when it has enough for now. */
  write(chunk: Uint8Array): boolean
  end(): void
  pause(): void
  resume(): void
  destroy(): void
}

/** Names that mean that nothing was done. */
const IDENTITY: ReadonlySet<string> = new Set(['', 'identity'])

/** Everything that can be read at once is read at once: an event must not wait for the next one. */
const ZLIB = { flush: constants.Z_SYNC_FLUSH }

const MAKERS: Readonly<Record<string, (firstByte: number) => Transform>> = {
  gzip: () => createGunzip(ZLIB),
  'x-gzip': () => createGunzip(ZLIB),
  br: () => createBrotliDecompress({ flush: constants.BROTLI_OPERATION_FLUSH }),
  // The standard says zlib's wrapping, many send the bare stream: the lower half of zlib's first byte is always 8.
  deflate: (firstByte) => ((firstByte & 0x0f) === 8 ? createInflate(ZLIB) : createInflateRaw(ZLIB)),
  zstd: () => createZstdDecompress(),
}

/**
 * How a `content-encoding` is to be treated: nothing to undo, one encoding that is known, or what nobody here undoes
 * (unknown ones, and chains, which only bombs are made of).
 */
export function readEncoding(header: string | undefined): 'identity' | 'unknown' | { readonly encoding: string } {
  const encoding = (header ?? '').trim().toLowerCase()
  if (IDENTITY.has(encoding)) return 'identity'
  return Object.hasOwn(MAKERS, encoding) ? { encoding } : 'unknown'
}

/** @param encoding as `readEncoding` gave it. */
export function createDecompressor(encoding: string, sink: DecompressSink): Decompressor {
  let stream: Transform | undefined
  let paused = false

  const open = (firstByte: number): Transform => {
    const make = MAKERS[encoding]
    if (make === undefined) throw new Error(`no decompressor for ${encoding}`)
    const opened = make(firstByte)
    opened.on('data', (chunk: Buffer) => sink.data(chunk))
    opened.on('end', () => sink.end())
    opened.on('error', (error) => sink.fail(error))
    opened.on('drain', () => sink.drain())
    if (paused) opened.pause()
    stream = opened
    return opened
  }

  return {
    write(chunk) {
      if (chunk.length === 0) return true
      return (stream ?? open(chunk[0] ?? 0)).write(chunk)
    },
    end() {
      // An encoded nothing is no valid stream, but an empty body that claims an encoding is harmless and common.
      if (stream === undefined) sink.end()
      else stream.end()
    },
    pause() {
      paused = true
      stream?.pause()
    },
    resume() {
      paused = false
      stream?.resume()
    },
    destroy() {
      stream?.destroy()
    },
  }
}
