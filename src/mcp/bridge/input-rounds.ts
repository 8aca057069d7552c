/** A modern server that wants input, before a client that is asked by requests: round after round until the result. */
import type { JsonObject, JsonRpcAnswer, JsonRpcRequest, RequestId } from '../json-rpc.ts'
import { isObject } from '../message-kind.ts'
import { answerError, RPC } from '../rpc-failure.ts'

/** A server that goes on asking for ever is stopped. */
const MAX_ROUNDS = 32

export interface RoundsOptions {
  /** As the client sent it. */
  readonly request: JsonRpcRequest
  /** Sends the request, or a repetition of it with more parameters, to the server. */
  readonly send: (more: JsonObject) => void
  /** Asks the client; the answer comes by `answered`. */
  readonly ask: (method: string, params: unknown, key: string) => RequestId
  readonly finish: (answer: JsonRpcAnswer) => void
}

export class InputRounds {
  readonly #options: RoundsOptions
  readonly #waiting = new Map<RequestId, string>()
  #responses: Record<string, unknown> = {}
  #state: JsonObject = {}
  #rounds = 0

  constructor(options: RoundsOptions) {
    this.#options = options
  }

  /** @param result with `resultType` `input_required`. */
  begin(result: JsonObject): void {
    const { request, finish, ask } = this.#options
    this.#rounds += 1
    if (this.#rounds > MAX_ROUNDS) {
      finish(
        answerError(request.id, { code: RPC.internal, message: `The server asked more than ${MAX_ROUNDS} times.` }),
      )
      return
    }
    this.#responses = {}
    this.#state = result['requestState'] === undefined ? {} : { requestState: result['requestState'] }
    const wanted = isObject(result['inputRequests']) ? Object.entries(result['inputRequests']) : []
    for (const [key, entry] of wanted) {
      if (isObject(entry) && typeof entry['method'] === 'string') {
        this.#waiting.set(ask(entry['method'], entry['params'], key), key)
      }
    }
    if (this.#waiting.size === 0) this.#repeat()
  }

  /** @returns false when it was not this call that had asked. */
  answered(answer: JsonRpcAnswer): boolean {
    const { id } = answer
    const key = id === undefined || id === null ? undefined : this.#waiting.get(id)
    if (id === undefined || id === null || key === undefined) return false
    this.#waiting.delete(id)
    if (isObject(answer['error'])) {
      // There is no way to tell a modern server that its question was refused: its call ends here, with the client's own error.
      this.#waiting.clear()
      const { code, message } = answer['error']
      this.#options.finish(
        answerError(this.#options.request.id, {
          code: typeof code === 'number' ? code : RPC.internal,
          message: `The client refused what the server asked for: ${String(message)}`,
        }),
      )
      return true
    }
    this.#responses[key] = answer['result']
    if (this.#waiting.size === 0) this.#repeat()
    return true
  }

  #repeat(): void {
    this.#options.send({
      ...(Object.keys(this.#responses).length === 0 ? {} : { inputResponses: this.#responses }),
      ...this.#state,
    })
  }
}
