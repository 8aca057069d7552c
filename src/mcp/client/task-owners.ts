/** Which server has which task: its ids are unique per server only, and nobody else knows them (M70). */
import { isObject } from '../message-kind.ts'

/** Of tasks that nobody asks for any more the oldest are forgotten. */
const MAX_TASKS = 10_000

export class TaskOwners {
  readonly #owners = new Map<string, string>()

  /** Looks whether a result is a task, in the form of either era. */
  learn(server: string, result: unknown): void {
    if (!isObject(result)) return
    const task = isObject(result['task']) ? result['task'] : result['resultType'] === 'task' ? result : undefined
    const id = task?.['taskId']
    if (typeof id === 'string') this.remember(server, id)
  }

  remember(server: string, taskId: string): void {
    this.#owners.delete(taskId)
    this.#owners.set(taskId, server)
    const [oldest] = this.#owners.keys()
    if (this.#owners.size > MAX_TASKS && oldest !== undefined) this.#owners.delete(oldest)
  }

  find(taskId: unknown): string | undefined {
    return typeof taskId === 'string' ? this.#owners.get(taskId) : undefined
  }
}
