/** Cuts bytes at these offsets, in whatever order and number they come; each piece is memory of its own. */
export function cutAt(bytes: Uint8Array, offsets: readonly number[]): Uint8Array[] {
  const ordered = [0, ...offsets.map((offset) => offset % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
  return ordered.slice(1).map((end, index) => bytes.slice(ordered[index], end))
}

/** Cuts bytes into pieces of one size, which share the memory. */
export function cutEvery(bytes: Uint8Array, size: number): Uint8Array[] {
  const pieces: Uint8Array[] = []
  for (let start = 0; start < bytes.length; start += size) pieces.push(bytes.subarray(start, start + size))
  return pieces
}
