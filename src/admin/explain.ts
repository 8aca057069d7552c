/** `POST /admin/explain`: what a back end would be sent for a request, or where a request would go; without sending it. */
import { Router } from 'express'
import { ApiFailure } from '../../protocols/ir/error.ts'
import { DEFAULT_GROUP } from '../registry/default-group.ts'
import type { Registry } from '../registry/registry.ts'
import { AdminFailure } from './admin-failure.ts'
import { explainRoute, type RouteQuestion, readQuestion } from './explain-route.ts'
import { bodyReader, isMembers, parseBody, takeBytes } from './read-body.ts'

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
export function createExplain(explain: Explain, registry: Registry, protocols: readonly string[]): Router {
  const router = Router()
  router.post('/admin/explain', takeBytes, (request, response) => {
    const body = parseBody(request)
    const isTranslation = isMembers(body) && ('from' in body || 'to' in body || 'request' in body)
    response.json(isTranslation ? translate(explain, readOrder(body), protocols) : route(registry, readQuestion(body)))
  })
  return router
}

function translate(explain: Explain, order: ExplainBody, protocols: readonly string[]): object {
  for (const field of ['from', 'to'] as const) {
    const issue = `must be one of ${protocols.join(', ')}`
    if (!protocols.includes(order[field])) throw new AdminFailure(400, `${field} ${issue}.`, { field, issue })
  }
  try {
    return explain(order)
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error
    const field = `request${error.error.param === undefined ? '' : `.${error.error.param}`}`
    throw new AdminFailure(400, error.message, { field, issue: error.message })
  }
}

/** What a caller would be told is what is asked for here: it is no failure. */
function route(registry: Registry, question: RouteQuestion): object {
  try {
    return explainRoute(registry, question)
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error
    const { kind, message } = error.error
    return {
      group: question.group ?? DEFAULT_GROUP,
      model: question.model,
      targets: [],
      left_out: [],
      refusal: { kind, message },
    }
  }
}
