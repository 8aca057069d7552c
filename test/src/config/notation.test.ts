import { expect } from 'chai'
import fc from 'fast-check'
import { GROUP_SCHEMA } from '../../../src/config/group-notation.ts'
import { MODELS_SCHEMA, readModels, writeModel } from '../../../src/config/model-notation.ts'
import { PARAMETERS_SCHEMA, readParameters, writeParameters } from '../../../src/config/parameters.ts'
import { PROVIDER_SCHEMA } from '../../../src/config/provider-notation.ts'
import { CONFIG_SCHEMA } from '../../../src/config/schema.ts'
import { readTargets, TARGETS_SCHEMA, writeTarget } from '../../../src/config/target-notation.ts'
import { compileSchema } from '../../../src/config/validator.ts'
import { model, parameters, target } from '../../support/configured.ts'

/** As it comes over a wire. */
function send(value: unknown): any {
  return JSON.parse(JSON.stringify(value))
}

describe('what the admin API tells may be written back', () => {
  it('parameters come back the same, zero included', () => {
    const check = compileSchema(PARAMETERS_SCHEMA)
    fc.assert(
      fc.property(parameters, (settings) => {
        const written = send(writeParameters(settings))
        expect(check(written)).to.deep.equal([])
        expect(readParameters(written)).to.deep.equal(send(settings))
      }),
    )
  })

  it('models come back the same', () => {
    const check = compileSchema(MODELS_SCHEMA)
    fc.assert(
      fc.property(fc.uniqueArray(model, { selector: (entry) => entry.name }), (models) => {
        const written = send(models.map(writeModel))
        expect(check(written)).to.deep.equal([])
        expect(readModels(written)).to.deep.equal(models)
      }),
    )
  })

  it('targets come back the same', () => {
    const check = compileSchema(TARGETS_SCHEMA)
    fc.assert(
      fc.property(fc.array(target, { minLength: 1 }), (targets) => {
        const written = send(targets.map(writeTarget))
        expect(check(written)).to.deep.equal([])
        expect(readTargets(written)).to.deep.equal(send(targets))
        expect(readTargets(written[0])).to.deep.equal(send([targets[0]]))
      }),
    )
  })
})

describe('the schemas', () => {
  const junk = fc.jsonValue({ maxDepth: 4 })

  for (const [title, schema] of [
    ['a configuration', CONFIG_SCHEMA],
    ['a provider', PROVIDER_SCHEMA],
    ['a group', GROUP_SCHEMA],
    ['targets', TARGETS_SCHEMA],
  ] as const) {
    it(`S14: judging any JSON as ${title} never throws and says of each problem where and what`, () => {
      const check = compileSchema(schema)
      fc.assert(
        fc.property(junk, (value) => {
          for (const { path, problem } of check(value)) {
            expect(problem).to.match(/^(must|is)\b/)
            let at: any = value
            for (const step of path.slice(0, -1)) at = at?.[step]
            expect(at, `${path.join('.')} stands in the value`).to.not.equal(undefined)
          }
        }),
      )
    })
  }

  it('every setting is refused when its value is of the wrong kind', () => {
    const check = compileSchema(CONFIG_SCHEMA)
    const wrong: Readonly<Record<string, unknown>> = { string: 1, integer: 'x', boolean: 'x', object: 1, array: 1 }
    const kindOf = (schema: { readonly type: string | readonly string[] }): string => [schema.type].flat()[0] ?? ''
    for (const [key, schema] of Object.entries(CONFIG_SCHEMA.properties)) {
      expect(check({ [key]: wrong[kindOf(schema)] }), key).to.have.lengthOf(1)
    }
    for (const [key, schema] of Object.entries(CONFIG_SCHEMA.properties.performance.properties)) {
      expect(check({ performance: { [key]: wrong[kindOf(schema)] } }), key).to.have.lengthOf(1)
    }
  })
})
