/** Points in time: RFC 3339 on the wire, Unix time in seconds in the interlingua. */

/** Nothing for what is no time, or lies before 1970. */
export function decodeTime(value: unknown): number | undefined {
  const milliseconds = typeof value === 'string' ? Date.parse(value) : Number.NaN
  return milliseconds > 0 ? Math.floor(milliseconds / 1000) : undefined
}

export function encodeTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString()
}
