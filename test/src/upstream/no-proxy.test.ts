import { expect } from 'chai'
import fc from 'fast-check'
import { readNoProxy } from '../../../src/upstream/no-proxy.ts'

const YES = true
const NO = false

describe('NO_PROXY', () => {
  const ROWS: readonly (readonly [list: string, url: string, exempt: boolean])[] = [
    ['', 'https://api.example.com', NO],
    ['*', 'https://api.example.com', YES],
    ['other.org, *', 'http://10.1.2.3', YES],
    // Names, with what is below them.
    ['example.com', 'https://example.com/v1', YES],
    ['example.com', 'https://api.example.com', YES],
    ['example.com', 'https://notexample.com', NO],
    ['example.com', 'https://example.com.evil.org', NO],
    ['.example.com', 'https://api.example.com', YES],
    ['.example.com', 'https://example.com', YES],
    ['*.example.com', 'https://a.b.example.com', YES],
    ['EXAMPLE.com', 'https://API.Example.COM', YES],
    ['example.com.', 'https://api.example.com.', YES],
    ['a.org,b.org c.org', 'http://c.org', YES],
    [' a.org , , b.org ', 'http://b.org', YES],
    // Ports.
    ['example.com:8443', 'https://example.com:8443', YES],
    ['example.com:8443', 'https://example.com', NO],
    ['example.com:443', 'https://example.com', YES],
    ['example.com:80', 'http://api.example.com', YES],
    ['example.com:80', 'https://api.example.com', NO],
    // Addresses.
    ['10.1.2.3', 'http://10.1.2.3:11434', YES],
    ['10.1.2.3:11434', 'http://10.1.2.3:11434', YES],
    ['10.1.2.3:11434', 'http://10.1.2.3', NO],
    ['1.2.3', 'http://10.1.2.3', NO],
    ['2.3', 'http://10.1.2.3', NO],
    ['fd00::1', 'http://[fd00::1]:8080', YES],
    ['fd00:0:0:0:0:0:0:1', 'http://[fd00::1]', YES],
    ['[fd00::1]:8080', 'http://[fd00::1]:8080', YES],
    ['[fd00::1]:8080', 'http://[fd00::1]', NO],
    // Ranges.
    ['10.0.0.0/8', 'http://10.255.0.1', YES],
    ['10.0.0.0/8', 'http://11.0.0.1', NO],
    ['10.0.0.0/8', 'http://0xa000001', YES],
    ['10.0.0.0/8', 'http://[::ffff:10.0.0.1]', YES],
    ['0.0.0.0/0', 'http://8.8.8.8', YES],
    ['0.0.0.0/0', 'http://example.com', NO],
    ['fd00::/8', 'http://[fdab::7]', YES],
    ['fd00::/8', 'http://[fe80::7]', NO],
    // What is nothing fits nothing.
    ['10.0.0.0/33', 'http://10.0.0.1', NO],
    ['10.0.0.0/8/8', 'http://10.0.0.1', NO],
    ['.', 'http://example.com', NO],
    [':80', 'http://example.com', NO],
  ]
  for (const [list, url, exempt] of ROWS) {
    it(`F58: ${JSON.stringify(list)} ${exempt ? 'exempts' : 'does not exempt'} ${url}`, () => {
      expect(readNoProxy(list)(new URL(url))).to.equal(exempt)
    })
  }

  it('takes any text, and an entry more never takes an exemption away', () => {
    const entry = fc.oneof(
      fc.string(),
      fc.domain(),
      fc.ipV4(),
      fc.ipV6(),
      fc.constantFrom('*', '10.0.0.0/8', 'a:1', '[::1'),
    )
    fc.assert(
      fc.property(
        entry,
        entry,
        fc.webUrl({ authoritySettings: { withIPv4: true, withPort: true } }),
        (one, more, text) => {
          const url = new URL(text)
          if (readNoProxy(one)(url)) expect(readNoProxy(`${one},${more}`)(url)).to.equal(true)
        },
      ),
    )
  })
})
