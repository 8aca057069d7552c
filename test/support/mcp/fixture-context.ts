/** What a tool or prompt of the fixture is run with, in either era. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Era } from '../../../src/mcp/upstream/connection.ts'

export class FixtureError extends Error {
  readonly code: number
  readonly data: unknown

  constructor(code: number, message: string, data?: unknown) {
    super(message)
    this.code = code
    this.data = data
  }
}

/** A modern server ends a request so, and is asked again with the answers. */
export class InputWanted extends Error {
  readonly result: object

  constructor(result: object) {
    super('input is wanted')
    this.result = result
  }
}

export interface InputRequest {
  readonly method: string
  readonly params: object
}

export interface FixtureContext {
  readonly era: Era
  readonly id: string | number
  readonly params: any
  readonly capabilities: any
  readonly signal: AbortSignal
  progress(done: number, total?: number): void
  log(level: string, data: unknown): void
  /** Asks the client and gives its answers by key. */
  input(requests: Readonly<Record<string, InputRequest>>, options?: { readonly sealed?: boolean }): Promise<any>
  /** Cuts the answer's stream, where it can be taken up again. */
  cutStream?(): void
}

/** @throws FixtureError where the client does not have it. */
export function demand(context: FixtureContext, capability: string): void {
  if (context.capabilities?.[capability] !== undefined) return
  const data = { requiredCapabilities: { [capability]: {} } }
  throw new FixtureError(context.era === 'modern' ? -32021 : -32602, `The client has no ${capability}.`, data)
}

/** The answers that a modern client brought along, or the wish for those that are missing. */
export function takeInput(
  { params }: Pick<FixtureContext, 'params'>,
  requests: Readonly<Record<string, InputRequest>>,
  isSealed: boolean,
): any {
  const given = params.inputResponses ?? {}
  const isFine =
    typeof given === 'object' && Object.values(given).every((value) => value !== null && typeof value === 'object')
  if (!isFine || Array.isArray(given)) throw new FixtureError(-32602, 'inputResponses must be an object of objects')
  const before = isSealed && params.requestState !== undefined ? unseal(params.requestState, params.name) : {}
  const answers = { ...before, ...given }
  const missing = Object.entries(requests).filter(([key]) => !isUsable(answers[key]))
  if (missing.length === 0) return answers
  throw new InputWanted({
    resultType: 'input_required',
    inputRequests: Object.fromEntries(missing),
    ...(isSealed ? { requestState: seal(answers, params.name) } : {}),
  })
}

/** Who declines a form has answered, but not with what was asked for. */
function isUsable(answer: any): boolean {
  return answer !== undefined && (answer.action === undefined || answer.action === 'accept')
}

const SECRET = randomBytes(32)

function sign(body: string): string {
  return createHmac('sha256', SECRET).update(body).digest('base64url')
}

function seal(answers: object, name: string): string {
  const body = Buffer.from(JSON.stringify({ answers, name })).toString('base64url')
  return `${body}.${sign(body)}`
}

function unseal(state: string, name: string): object {
  const [body = '', signature = ''] = String(state).split('.')
  const right = Buffer.from(sign(body))
  const isOurs = signature.length === right.length && timingSafeEqual(Buffer.from(signature), right)
  const opened = isOurs ? JSON.parse(Buffer.from(body, 'base64url').toString()) : undefined
  if (opened?.name !== name) throw new FixtureError(-32602, 'This requestState is not ours')
  return opened.answers
}
