/** Turns whatever a route threw into the admin API's one form of error. */
import type { ErrorRequestHandler } from 'express'
import { ConfigFault } from '../config/config-fault.ts'
import { RegistryFault } from '../registry/registry-fault.ts'
import { AdminFailure } from './admin-failure.ts'

/** @param report told of what is our own fault; the caller only hears that there is one. */
export function answerFailures(report: (fault: unknown) => void): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (response.headersSent) {
      next(error)
      return
    }
    const failure = explain(error)
    if (failure.status === 500) report(error)
    response.status(failure.status).json({
      error: {
        type: failure.type,
        message: failure.message,
        ...(failure.details === undefined ? {} : { details: failure.details }),
      },
    })
  }
}

function explain(error: unknown): AdminFailure {
  if (error instanceof AdminFailure) return error
  if (error instanceof RegistryFault) {
    const issue = error.message.slice(error.path.length + 1)
    return new AdminFailure(400, `${error.message}.`, { field: error.path, issue })
  }
  if (error instanceof ConfigFault) {
    const [first] = error.problems
    const details = first === undefined ? undefined : { field: first.path, issue: first.problem }
    return new AdminFailure(400, error.message.replaceAll('\n', ' '), details)
  }
  if (error instanceof URIError)
    return new AdminFailure(400, 'The path holds a percent-escape that is not valid UTF-8.')
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (/^SQLITE_(BUSY|LOCKED)/.test(code)) {
    return new AdminFailure(503, 'Another process is writing to the database: try again in a moment.')
  }
  if (code === 'SQLITE_FULL') return new AdminFailure(507, 'The disk is full: nothing was changed.')
  // Thrown by the body reader of express, with a message that is meant for the caller.
  if (error instanceof Error && 'expose' in error && error.expose === true && 'status' in error) {
    return new AdminFailure(Number(error.status), `${error.message}.`)
  }
  return new AdminFailure(500, 'The gateway failed by a fault of its own; its log tells more.')
}
