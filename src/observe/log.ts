/** Log lines: one JSON object each. */
import { pino } from 'pino'
import type { LogLevel } from '../config/log-levels.ts'

/** A line is an object of fields and a sentence. */
export interface Log {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/**
 * Writes to a file descriptor at once, line by line, so that nothing is lost when the process ends.
 * A line that cannot be written (disk full, pipe closed) is dropped: no request fails for it.
 *
 * @param descriptor 2 for standard error.
 * @see https://getpino.io/#/docs/api
 */
export function createLog(level: LogLevel, descriptor: number): Log {
  const destination = pino.destination({ dest: descriptor, sync: true })
  destination.on('error', () => {})
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: nameLevel } },
    destination,
  )
}

function nameLevel(level: string): { level: string } {
  return { level }
}
