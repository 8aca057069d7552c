import { expect } from 'chai'
import { pickHeaders } from '../../../src/gateway/plan-call.ts'

describe('header allow-list', () => {
  const headers = {
    authorization: 'Bearer secret',
    cookie: 'a=b',
    'x-api-key': 'secret',
    'x-goog-api-key': 'secret',
    'x-forwarded-for': '1.2.3.4',
    'anthropic-beta': 'one,two',
    'anthropic-version': '2023-06-01',
    'x-ratelimit-limit-requests': '5',
    'x-ratelimit-remaining-requests': '4',
  }

  it('trap 26: lets through what is named and nothing else', () => {
    expect(pickHeaders(headers, ['anthropic-beta', 'anthropic-version', 'absent'])).to.deep.equal({
      'anthropic-beta': 'one,two',
      'anthropic-version': '2023-06-01',
    })
  })

  it('takes a name that ends in a star as a prefix', () => {
    expect(pickHeaders(headers, ['x-ratelimit-*'])).to.deep.equal({
      'x-ratelimit-limit-requests': '5',
      'x-ratelimit-remaining-requests': '4',
    })
  })
})
