import { expect } from 'chai'
import { collectExtra, ownFields } from '../../../protocols/ir/extra.ts'
import { type FieldTable, writeFields } from '../../../protocols/ir/field-table.ts'
import { listLosses } from '../../../protocols/ir/loss.ts'

describe('extra fields', () => {
  it('are kept by name and given back to their own protocol without a report', () => {
    const extra = collectExtra({ model: 'm', new_field: { a: 1 } }, new Set(['model']), 'here')
    const { losses, report } = listLosses()
    expect(ownFields(extra, 'here', '', report)).to.deep.equal({ new_field: { a: 1 } })
    expect(losses).to.deep.equal([])
  })

  it('are reported one by one to every other protocol', () => {
    const extra = collectExtra({ one: 1, two: 2 }, new Set(), 'here')
    const { losses, report } = listLosses()
    expect(ownFields(extra, 'there', 'messages.0', report)).to.equal(undefined)
    expect(losses.map((loss) => loss.path)).to.deep.equal(['messages.0.one', 'messages.0.two'])
  })

  it('are nothing when every field is known', () => {
    expect(collectExtra({ model: 'm' }, new Set(['model']), 'here')).to.equal(undefined)
  })

  it('F11, S8: a field called __proto__ is a field and changes no prototype', () => {
    const extra = collectExtra(JSON.parse('{"__proto__": {"admin": true}}'), new Set(), 'here')
    expect(extra?.fields['admin']).to.equal(undefined)
    expect(Object.keys(extra?.fields ?? {})).to.deep.equal(['__proto__'])
  })
})

describe('field tables', () => {
  interface Source {
    readonly kept?: number
    readonly lowered?: number
    readonly unknown?: string
    readonly apart?: string
  }
  const TABLE: FieldTable<Source, Record<string, unknown>> = {
    kept: {
      write(value, wire) {
        wire['kept'] = value
        return undefined
      },
    },
    lowered: {
      write(value, wire) {
        wire['lowered'] = Math.min(value, 1)
        return value > 1 ? 'lowered to 1' : undefined
      },
    },
    unknown: { lost: 'nobody knows it' },
    apart: { elsewhere: 'the request' },
  }

  it('write what is carried, report what is lost or changed, and leave absent fields alone', () => {
    const wire = {}
    const { losses, report } = listLosses()
    writeFields({ kept: 0, lowered: 2, unknown: 'x', apart: 'y' }, TABLE, wire, undefined, 'settings', report)
    expect(wire).to.deep.equal({ kept: 0, lowered: 1 })
    expect(losses).to.deep.equal([
      { path: 'settings.lowered', reason: 'lowered to 1', effect: 'changed' },
      { path: 'settings.unknown', reason: 'nobody knows it', effect: 'dropped' },
    ])
  })

  it('say nothing of fields that are not there', () => {
    const { losses, report } = listLosses()
    const wire = {}
    writeFields({}, TABLE, wire, undefined, '', report)
    expect(wire).to.deep.equal({})
    expect(losses).to.deep.equal([])
  })
})
