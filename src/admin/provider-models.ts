/** `/providers/:name/models`: what a provider is known to have. Models that are not listed can be called all the same. */
import { type Request, Router } from 'express'
import {
  type ConfiguredModel,
  MODELS_SCHEMA,
  readModels,
  type WrittenModel,
  writeModel,
} from '../config/model-notation.ts'
import { configuredModel } from '../registry/configured-provider.ts'
import { saveProvider } from '../registry/save-provider.ts'
import type { Store } from '../store/open-store.ts'
import { AdminFailure } from './admin-failure.ts'
import type { MakeChange } from './change.ts'
import { findProvider } from './find-provider.ts'
import { bodyReader, isMembers, parseBody, takeBytes } from './read-body.ts'
import { type Resource, showResource, tagOfRevision } from './resource.ts'

const { minLength: _, ...MODEL_SCHEMA } = MODELS_SCHEMA.items

const readWritten = bodyReader<Exclude<WrittenModel, string>>({ ...MODEL_SCHEMA, type: 'object' })

const PLACE = '/providers/:name/models'
const ONE = `${PLACE}/:model`

type One = Request<{ name: string; model: string }>

/** The tag is that of the provider: its models are a part of it. */
export function createProviderModels(store: Store, change: MakeChange): Router {
  const router = Router()
  const list = (name: string): readonly ConfiguredModel[] =>
    store.models.listOf(findProvider(store, name).id).map(configuredModel)
  const show = (name: string, model: string): Resource => ({
    body: writeWhole(findModel(list(name), name, model)),
    tag: tag(name),
  })
  const tag = (name: string): string => tagOfRevision(findProvider(store, name))
  const replace = (name: string, models: readonly ConfiguredModel[]): void => {
    saveProvider(store, { name: findProvider(store, name).name, models }, false)
  }

  router.get(PLACE, (request: Request<{ name: string }>, response) => {
    const { name } = request.params
    showResource(
      response,
      store.read(() => ({ body: list(name).map(writeWhole), tag: tag(name) })),
    )
  })
  router.get(ONE, (request: One, response) => {
    const { name, model } = request.params
    showResource(
      response,
      store.read(() => show(name, model)),
    )
  })
  router.put(ONE, takeBytes, (request: One, response) => {
    const { name, model } = request.params
    const body = parseBody(request)
    const [wanted] = readModels([readWritten(isMembers(body) ? { ...body, name: model } : body)])
    change(request, response, {
      tag: () => (list(name).some((one) => one.name === model) ? tag(name) : undefined),
      make() {
        const models = list(name)
        const isNew = !models.some((one) => one.name === model)
        if (wanted !== undefined) {
          replace(name, isNew ? [...models, wanted] : models.map((one) => (one.name === model ? wanted : one)))
        }
        return isNew
      },
      show: () => show(name, model),
    })
  })
  router.delete(ONE, (request: One, response) => {
    const { name, model } = request.params
    change(request, response, {
      tag: () => tag(name),
      make() {
        const models = list(name)
        findModel(models, name, model)
        replace(
          name,
          models.filter((one) => one.name !== model),
        )
        return false
      },
      show: () => ({ body: { name: model, deleted: true } }),
    })
  })
  return router
}

function findModel(models: readonly ConfiguredModel[], provider: string, name: string): ConfiguredModel {
  const found = models.find((model) => model.name === name)
  if (found === undefined) throw new AdminFailure(404, `The provider "${provider}" lists no model "${name}".`)
  return found
}

/** Always as an object, so that programs need not tell two forms apart. */
function writeWhole(model: ConfiguredModel): object {
  const written = writeModel(model)
  return { ...(typeof written === 'string' ? { name: written } : written), enabled: model.enabled }
}
