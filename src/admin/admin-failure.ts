/** What a call of the admin API is answered with when it cannot be done. */

type AdminFailureType =
  | 'invalid_request_error'
  | 'not_found_error'
  | 'conflict_error'
  | 'unavailable_error'
  | 'api_error'

/** Where the request is wrong. */
interface FieldIssue {
  readonly field: string
  readonly issue: string
}

const TYPES: Readonly<Record<number, AdminFailureType>> = {
  400: 'invalid_request_error',
  404: 'not_found_error',
  409: 'conflict_error',
  412: 'conflict_error',
  413: 'invalid_request_error',
  415: 'invalid_request_error',
  503: 'unavailable_error',
  507: 'unavailable_error',
}

export class AdminFailure extends Error {
  readonly status: number
  readonly details: FieldIssue | undefined

  /** @param message a sentence for the caller. Never a secret. */
  constructor(status: number, message: string, details?: FieldIssue) {
    super(message)
    this.name = 'AdminFailure'
    this.status = status
    this.details = details
  }

  get type(): AdminFailureType {
    return TYPES[this.status] ?? 'api_error'
  }
}
