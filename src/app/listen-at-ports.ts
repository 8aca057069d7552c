import { type Listening, listen } from '../http/listen.ts'
import type { AppOptions } from './app-options.ts'

/** All ports or none. @throws Error with one clear sentence when one of them cannot be bound. */
export async function listenAtPorts(
  serve: Parameters<typeof listen>[0],
  { host, port, morePorts = [], listenLimits }: AppOptions,
): Promise<[Listening, ...Listening[]]> {
  const limits = listenLimits === undefined ? {} : { limits: listenLimits }
  const listening: [Listening, ...Listening[]] = [await listen(serve, { host, port, ...limits })]
  try {
    for (const further of morePorts) listening.push(await listen(serve, { host, port: further, ...limits }))
  } catch (error) {
    await Promise.all(listening.map((one) => one.drain(0)))
    throw error
  }
  return listening
}
