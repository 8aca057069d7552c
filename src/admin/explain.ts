/** `POST /admin/explain`: what a back end would be sent for a request, without sending it. */
import { Router } from 'express'
import { ApiFailure } from '../../protocols/ir/error.ts'
import { AdminFailure } from './admin-failure.ts'
import { bodyReader, parseBody, takeBytes } from './read-body.ts'

/** @throws ApiFailure when the request is none of its protocol. */
export type Explain = (order: ExplainBody) => object

export interface ExplainBody {
  /** Names of protocols. */
  readonly from: string
  readonly to: string
  /** The back end's name of the model. */
  readonly model?: string
  readonly request: object
}

const readOrder = bodyReader<ExplainBody>({
  type: 'object',
  required: ['from', 'to', 'request'],
  additionalProperties: false,
  properties: {
    from: { type: 'string' },
    to: { type: 'string' },
    model: { type: 'string', minLength: 1 },
    request: { type: 'object' },
  },
})

/** @param protocols the names that there are. */
export function createExplain(explain: Explain, protocols: readonly string[]): Router {
  const router = Router()
  router.post('/admin/explain', takeBytes, (request, response) => {
    const order = readOrder(parseBody(request))
    for (const field of ['from', 'to'] as const) {
      const issue = `must be one of ${protocols.join(', ')}`
      if (!protocols.includes(order[field])) throw new AdminFailure(400, `${field} ${issue}.`, { field, issue })
    }
    try {
      response.json(explain(order))
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error
      const field = `request${error.error.param === undefined ? '' : `.${error.error.param}`}`
      throw new AdminFailure(400, error.message, { field, issue: error.message })
    }
  })
  return router
}
