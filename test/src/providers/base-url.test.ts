import { expect } from 'chai'
import { parseBaseUrl } from '../../../src/providers/base-url.ts'

describe('parseBaseUrl', () => {
  const TAKEN = [
    ['https://api.example.com', 'https://api.example.com'],
    ['https://api.example.com/', 'https://api.example.com'],
    ['https://api.example.com/v1///', 'https://api.example.com/v1'],
    ['  http://127.0.0.1:11434/v1\n', 'http://127.0.0.1:11434/v1'],
    ['HTTPS://API.Example.COM:443/V1', 'https://api.example.com/V1'],
    ['http://[::1]:8080/a%2Fb/v1', 'http://[::1]:8080/a%2Fb/v1'],
    // What looks decimal is judged as the address that it is, here already.
    ['http://2130706433/', 'http://127.0.0.1'],
    ['https://münchen.example/v1', 'https://xn--mnchen-3ya.example/v1'],
  ] as const
  for (const [text, expected] of TAKEN) {
    it(`reads ${JSON.stringify(text)}`, () => expect(parseBaseUrl(text)).to.equal(expected))
  }

  const REFUSED = [
    ['', /absolute URL/],
    ['api.example.com/v1', /absolute URL/],
    ['//api.example.com', /absolute URL/],
    ['ftp://api.example.com', /http:\/\/ or https:\/\//],
    ['file:///etc/passwd', /http:\/\/ or https:\/\//],
    ['javascript:alert(1)', /http:\/\/ or https:\/\//],
    ['https://canary:hunter2@api.example.com', /without a name or password/],
    ['https://canary@api.example.com', /without a name or password/],
    ['https://api.example.com/v1?key=canary', /without a query/],
    ['https://api.example.com/v1#canary', /without a query/],
  ] as const
  for (const [text, reason] of REFUSED) {
    it(`S5: refuses ${JSON.stringify(text)} and repeats nothing of it`, () => {
      expect(() => parseBaseUrl(text))
        .to.throw(reason)
        .with.property('message')
        .that.does.not.match(/canary|hunter2/)
    })
  }
})
