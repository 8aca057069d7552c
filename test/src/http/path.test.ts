import { expect } from 'chai'
import fc from 'fast-check'
import { type Located, locate, type PathRefusal } from '../../../src/http/path.ts'
import { isReservedSegment } from '../../../src/http/reserved.ts'

function found(target: string): Located {
  const located = locate(target)
  if ('problem' in located) throw new Error(`${target} was refused: ${located.message}`)
  return located
}

function refused(target: string): PathRefusal {
  const located = locate(target)
  if (!('problem' in located)) throw new Error(`${target} leads to ${located.canonical}`)
  return located
}

describe('http/path', () => {
  describe('the grammar', () => {
    // CS1, CS12-14: each protocol path with each of the prefixes.
    const PREFIXES = [
      ['', undefined, false, false, ''],
      ['/compat', undefined, false, true, '/compat_mode'],
      ['/compat_mode', undefined, false, true, '/compat_mode'],
      ['/team', 'team', false, false, '/team'],
      ['/team/compat', 'team', false, true, '/team/compat_mode'],
      ['/team/compat_mode', 'team', false, true, '/team/compat_mode'],
      ['/switch', undefined, true, false, '/switch'],
      ['/switch/compat', undefined, true, true, '/switch/compat_mode'],
      ['/switch/compat_mode', undefined, true, true, '/switch/compat_mode'],
    ] as const
    const PATHS = ['/v1/chat/completions', '/v1/messages', '/v1/responses', '/v1/models', '/v1beta/models', '/api/chat']
    for (const [prefix, group, activeGroup, compat, canonicalPrefix] of PREFIXES) {
      it(`CS1, CS12, CS13, CS14, lesson 1, lesson 3: "${prefix}" before any protocol path is read as what it is`, () => {
        for (const path of PATHS) {
          const located = found(prefix + path)
          expect(located.group).to.equal(group)
          expect(located.activeGroup).to.equal(activeGroup)
          expect(located.compat).to.equal(compat)
          expect(located.path).to.deep.equal(path.split('/').slice(1))
          expect(located.prefix).to.equal(canonicalPrefix)
          expect(located.canonical).to.equal(canonicalPrefix + path)
        }
      })
    }

    it('CS2: the query is read apart and is no part of the canonical path', () => {
      const located = found('/team/v1/messages?beta=true&key=a%2Fb&x')
      expect([...located.query]).to.deep.equal([
        ['beta', 'true'],
        ['key', 'a/b'],
        ['x', ''],
      ])
      expect(located.canonical).to.equal('/team/v1/messages')
    })

    it('a second question mark belongs to the query', () => {
      expect(found('/v1/models?a=?b').query.get('a')).to.equal('?b')
    })

    it('the root, a lone group and the gateway’s own paths are located too', () => {
      expect(found('/')).to.deep.include({ path: [], canonical: '/', prefix: '' })
      expect(found('/team')).to.deep.include({ group: 'team', path: [], canonical: '/team' })
      expect(found('/health')).to.deep.include({ path: ['health'], canonical: '/health' })
      expect(found('/favicon.ico')).to.deep.include({ path: ['favicon.ico'] })
      expect(found('/providers/acme')).to.deep.include({ path: ['providers', 'acme'] })
    })

    it('group names keep their case', () => {
      expect(found('/Team/v1/models').group).to.equal('Team')
    })

    it('a group is percent-decoded once and composed', () => {
      expect(found('/%C3%A9quipe/v1/models').group).to.equal('équipe')
      expect(found('/e%CC%81quipe/v1/models').group).to.equal('équipe')
      expect(found('/t%65am/v1/models').group).to.equal('team')
      expect(refused('/t%2565am/v1/models').problem).to.equal('not-found')
    })

    it('bytes beyond ASCII, which Node hands over as Latin-1, are read as UTF-8', () => {
      expect(found(Buffer.from('/équipe/v1/models').toString('latin1')).group).to.equal('équipe')
    })

    it('a reserved word written with escapes is the word and no group', () => {
      expect(found('/%761/messages')).to.deep.include({ path: ['v1', 'messages'], canonical: '/v1/messages' })
      expect(found('/sw%69tch/v1/messages').activeGroup).to.equal(true)
    })
  })

  describe('S7, F17: paths that confuse', () => {
    for (const target of [
      '/team/v1/messages/',
      '//team//v1///messages',
      '/team/v1/messages//',
      '/team//v1/messages?x=1',
    ]) {
      it(`"${target}" is one route with the plain path`, () => {
        expect(found(target).canonical).to.equal('/team/v1/messages')
      })
    }

    for (const target of [
      '/team/../v1/messages',
      '/team/./v1/messages',
      '/team/%2e%2e/v1/messages',
      '/team/%2E/v1/messages',
      '/../etc/passwd',
      '/v1/models/..',
      '/v1/models/a%2f..%2fb',
      '/v1/models/a%2f%2fb',
    ]) {
      it(`"${target}" is never resolved`, () => expect(refused(target).problem).to.equal('not-found'))
    }

    for (const target of ['/te%2fam/v1/messages', '/team%2Fv1/messages', '/v1%2Fmessages', '/v1/chat%2fcompletions']) {
      it(`the escaped slash of "${target}" leads nowhere`, () => expect(refused(target).problem).to.equal('not-found'))
    }

    it('an escaped slash below models, aliases and routes is part of the model’s id', () => {
      expect(found('/admin/groups/team/aliases/vendor%2Fname').path.at(-1)).to.equal('vendor/name')
      expect(found('/admin/groups/team/routes/vendor%2Fname').path.at(-1)).to.equal('vendor/name')
      expect(found('/team/v1/models/vendor%2Fname').path).to.deep.equal(['v1', 'models', 'vendor/name'])
      expect(found('/v1beta/models/vendor%2fname:count').path.at(-1)).to.equal('vendor/name:count')
      expect(found('/team/v1/models/vendor%2Fname').canonical).to.equal('/team/v1/models/vendor%2Fname')
    })

    it('colon and at-sign of a model’s id stay readable in the canonical path', () => {
      expect(found('/v1/models/qwen3:8b@2025').canonical).to.equal('/v1/models/qwen3:8b@2025')
    })

    for (const target of [
      '/v1/mess%00ages',
      '/v1/messages%0d%0aX:%20y',
      '/v1\\messages',
      '/v1/%5cmessages',
      '/v1/%7f',
      '/v1/%C2%85',
      '/v1/%E0%A4%A',
      '/v1/%zz',
      '/v1/%',
      '/v1/%C0%AF',
      '/v1/%FF',
      '/v1/a\u0001b',
      '/v1/messages#fragment',
      '',
      '*',
      'v1/messages',
      'localhost:3456',
      'ftp://host/v1',
    ]) {
      it(`${JSON.stringify(target)} is malformed`, () => expect(refused(target).problem).to.equal('malformed'))
    }

    it('a path of more than 8192 characters is refused unread', () => {
      expect(refused(`/${'a'.repeat(65_536)}`).problem).to.equal('too-long')
      expect(refused(`/v1/models?${'a'.repeat(8192)}`).problem).to.equal('too-long')
      expect(found(`/v1/models?${'a'.repeat(8000)}`).path).to.have.length(2)
    })

    it('F16: of a target in absolute form only the path is used', () => {
      for (const host of ['evil.example', 'user@evil.example:1', '[::1]:3456', '']) {
        expect(found(`http://${host}/team/v1/messages?x=1`).canonical, host).to.equal('/team/v1/messages')
      }
      expect(found('HTTPS://host').canonical).to.equal('/')
      expect(found('http://host?x=1')).to.deep.include({ canonical: '/' })
      expect(found('http://host?x=1').query.get('x')).to.equal('1')
    })
  })

  describe('hints', () => {
    const HINTS = [
      ['/compat/team/v1/messages', '/team/compat_mode/v1/messages'],
      ['/compat_mode/team/v1/messages', '/team/compat_mode/v1/messages'],
      ['/compat/switch/v1/messages', '/switch/compat_mode/v1/messages'],
      ['/Switch/v1/messages', '/switch/v1/messages'],
      ['/COMPAT/v1/messages', '/compat/v1/messages'],
      ['/team/Compat_Mode/v1/messages', '/team/compat_mode/v1/messages'],
    ] as const
    for (const [target, hint] of HINTS) {
      it(`${target} is told ${hint}`, () => {
        const refusal = refused(target)
        expect(refusal.problem).to.equal('not-found')
        expect(refusal.hint).to.equal(hint)
      })
    }

    it('lesson 1, lesson 16: words of the protocols are no groups, so that a forgotten version can be told', () => {
      for (const target of ['/chat/completions', '/messages', '/V1/Messages', '/responses']) {
        expect(found(target).group, target).to.equal(undefined)
      }
    })
  })

  describe('whatever comes in', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '/',
        '//',
        '/v1',
        '/models',
        '/switch',
        '/compat',
        '/compat_mode',
        '/team',
        '%2f',
        '%2e',
        '.',
        '..',
        '%00',
        '%',
      ),
      fc.constantFrom(
        '%C3%A9',
        '%c3%a9',
        'é',
        '\\',
        '#',
        '?',
        'http://',
        '%25',
        ':',
        '@',
        '+',
        '%20',
        '/Switch',
        '/V1',
      ),
      fc.string({ unit: 'binary', maxLength: 6 }),
    )
    const target = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''))
    const rooted = fc.oneof(
      target,
      target.map((text) => `/${text}`),
    )

    it('never throws', () => {
      fc.assert(
        fc.property(rooted, (text) => void locate(text)),
        { numRuns: 2000 },
      )
    })

    it('the canonical path of a canonical path is itself, and leads to the same place', () => {
      fc.assert(
        fc.property(rooted, (text) => {
          const first = locate(text)
          if ('problem' in first) return
          const second = found(first.canonical)
          expect({ ...second, query: '' }).to.deep.equal({ ...first, query: '' })
        }),
        { numRuns: 2000 },
      )
    })

    it('no decoded segment holds a slash but below models, and none is empty or a dot segment', () => {
      fc.assert(
        fc.property(rooted, (text) => {
          const located = locate(text)
          if ('problem' in located) return
          const models = located.path.findIndex((one) => ['models', 'v1beta', 'aliases', 'routes'].includes(one))
          for (const [index, segment] of located.path.entries()) {
            expect(segment).not.to.be.oneOf(['', '.', '..'])
            if (segment.includes('/')) expect(models >= 0 && index > models).to.equal(true)
          }
        }),
        { numRuns: 2000 },
      )
    })

    it('lesson 1: a group is never a reserved word and never holds what a path is made of', () => {
      fc.assert(
        fc.property(rooted, (text) => {
          const located = locate(text)
          if ('problem' in located || located.group === undefined) return
          expect(isReservedSegment(located.group)).to.equal(false)
          expect(located.group).to.match(/^[^/\\%?#\s]+$/)
        }),
        { numRuns: 2000 },
      )
    })

    it('hints are canonical paths themselves or come nearer to one', () => {
      fc.assert(
        fc.property(rooted, (text) => {
          const refusal = locate(text)
          if (!('problem' in refusal) || refusal.hint === undefined) return
          expect(refusal.hint).not.to.equal(text)
          expect(refusal.hint.startsWith('/')).to.equal(true)
        }),
      )
    })
  })
})
