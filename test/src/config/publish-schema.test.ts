// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how the file names a variable of the environment
import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { expect } from 'chai'
import { FORMATS } from '../../../src/config/formats.ts'
import { publishSchema } from '../../../src/config/publish-schema.ts'

const PUBLISHED = new URL('../../../docs/config.schema.json', import.meta.url)

function walk(schema: unknown, visit: (node: Record<string, unknown>, path: string) => void, path = ''): void {
  if (typeof schema !== 'object' || schema === null) return
  visit(schema as Record<string, unknown>, path)
  for (const [key, value] of Object.entries(schema)) walk(value, visit, `${path}/${key}`)
}

describe('the published schema', () => {
  it('docs/config.schema.json is current: npm run schema writes it anew', () => {
    expect(JSON.parse(readFileSync(PUBLISHED, 'utf8'))).to.deep.equal(JSON.parse(JSON.stringify(publishSchema())))
  })

  it('is a JSON Schema that any validator reads, without a format of our own', () => {
    const ajv = new Ajv({ strict: true, allowUnionTypes: true, strictRequired: false })
    expect(ajv.validateSchema(publishSchema())).to.equal(true)
    const check = ajv.compile(publishSchema())
    expect(check({ $schema: 'x', providers: [{ name: 'a', api_base_url: '${U}/v1' }] }), 'variables').to.equal(true)
    expect(check({ hots: 'x' }), 'an editor marks an unknown key').to.equal(false)
    expect(check({ performance: { request_timeout: '30' } })).to.equal(false)
    expect(check({ groups: { g: { prompt: { mode: 'off' } } } })).to.equal(true)
    expect(check({ groups: { g: { prompt: { mode: 'replace' } } } })).to.equal(false)
  })

  it('every default is a value that the schema itself takes', () => {
    walk(publishSchema(), (node, path) => {
      if (!('default' in node) || typeof node['type'] === 'undefined') return
      const check = new Ajv({ allowUnionTypes: true, strictTuples: false, strict: false }).compile(node)
      expect(check(node['default']), path).to.equal(true)
    })
  })

  const TEXTS: Readonly<Record<string, readonly string[]>> = {
    duration: ['0', '30s', '1h30m', '1.5s', '.5s', '1.s', '2\u00b5s'],
    'http-url': [' https://x', 'HTTP://x:1/v1'],
    'http-url-or-empty': ['', ' ', 'http://x'],
    'ip-range': ['127.0.0.1', '192.168.1.0/24', '::1', 'fe80::/10', '::ffff:1.2.3.4'],
    'header-name': ['x-a', 'X_b!'],
    'header-value': ['', 'a b', ' pasted\n'],
    visible: ['a', ' a'],
    target: ['a/b', 'a,b', 'a/b/c'],
  }
  for (const [name, { validate, pattern }] of Object.entries(FORMATS)) {
    it(`what is a valid ${name} fits its pattern`, () => {
      expect(TEXTS[name], 'has rows').to.have.property('length').above(0)
      for (const text of TEXTS[name] ?? []) {
        expect(validate(text), text).to.equal(true)
        expect(new RegExp(pattern, 'u').test(text), text).to.equal(true)
      }
    })
  }

  const WRONG: readonly (readonly [string, string])[] = [
    ['ip-range', '192.168.1.0/33'],
    ['ip-range', '::1/129'],
    ['ip-range', '10.0.0.0/8/8'],
    ['ip-range', 'localhost'],
    ['ip-range', '1.2.3'],
    ['header-name', 'a b'],
    ['header-name', ''],
    ['header-value', 'a\r\nb: c'],
    ['header-value', 'a\u0000'],
    ['header-value', '\u4e2d'],
    ['http-url', 'ftp://x'],
    ['http-url', 'http://'],
    ['visible', ' \n'],
    ['target', 'openai'],
    ['target', '/x'],
    ['target', 'x/'],
  ]
  for (const [name, text] of WRONG) {
    it(`${JSON.stringify(text)} is no ${name}`, () => expect(FORMATS[name]?.validate(text)).to.equal(false))
  }
})
