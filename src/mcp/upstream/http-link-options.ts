/** What every link over HTTP is made of. */
import type { Clock } from './clock.ts'
import type { HttpClient } from './http-client.ts'

export interface HttpLinkOptions {
  /** Its name, for messages. */
  readonly server: string
  readonly url: URL
  readonly http: HttpClient
  readonly clock: Clock
  /** Of one message. */
  readonly messageBytes: number
}
