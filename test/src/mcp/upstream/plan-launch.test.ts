import { expect } from 'chai'
import fc from 'fast-check'
import { planLaunch, planTreeKill, UnsafeArgument } from '../../../../src/mcp/upstream/plan-launch.ts'

const FILES = new Set([
  'C:\\node\\npx.cmd',
  'C:\\node\\node.exe',
  'C:\\tools\\uvx.exe',
  'C:\\tools\\uvx.cmd',
  'C:\\work\\run.bat',
])
const env = { PATH: 'C:\\none;;C:\\tools;C:\\node', SYSTEMROOT: 'D:\\Win' }
const onWindows = (command: string, args: readonly string[] = [], cwd = 'C:\\work') =>
  planLaunch({ command, args, env, cwd }, 'win32', (path) => FILES.has(path))

describe('the start of a program', () => {
  for (const platform of ['linux', 'darwin'] as const) {
    it(`M74 on ${platform} is what is configured, letter for letter`, () => {
      const order = { command: 'npx', args: ['%A%', '"', 'a b'], env }
      const never = () => expect.fail('nobody looks for it')
      expect(planLaunch(order, platform, never)).to.deep.equal({ command: 'npx', args: order.args, isQuoted: false })
    })
  }

  const FOUND = [
    ['node', 'C:\\node\\node.exe', 'a program along PATH'],
    ['node.exe', 'C:\\node\\node.exe', 'a program with its ending'],
    ['uvx', 'C:\\tools\\uvx.exe', 'a program rather than the batch file beside it'],
    ['C:\\tools\\uvx', 'C:\\tools\\uvx.exe', 'a whole path'],
    ['nobody', 'nobody', 'what is not there, which then fails by its name'],
    ['run', 'run', 'never what only lies in the working folder'],
  ] as const
  for (const [command, found, what] of FOUND) {
    it(`M74 on Windows finds ${what}, without a shell`, () => {
      expect(onWindows(command, ['a b'])).to.deep.equal({ command: found, args: ['a b'], isQuoted: false })
    })
  }

  it('M74 on Windows npx is a batch file, and each of its arguments stays within quotes', () => {
    const { command, args, isQuoted } = onWindows('npx', ['-y', 'a b', 'x&calc|y>z^', 'C:\\end\\', ''])
    expect(command).to.equal('D:\\Win\\System32\\cmd.exe')
    expect(args.slice(0, -1)).to.deep.equal(['/d', '/s', '/v:off', '/c'])
    expect(args.at(-1)).to.equal('""C:\\node\\npx.cmd" "-y" "a b" "x&calc|y>z^" "C:\\end\\\\" """')
    expect(isQuoted).to.equal(true)
  })

  it('M74 on Windows a path is meant from the working folder', () => {
    expect(onWindows('.\\run').args.at(-1)).to.equal('""C:\\work\\run.bat""')
  })

  for (const bad of ['"', 'a" & calc "', '%PATH%', '100%', 'a\nb', 'a\rb', 'a\0b']) {
    it(`M74 on Windows no batch file is given ${JSON.stringify(bad)}`, () => {
      expect(() => onWindows('npx', ['x', bad])).to.throw(UnsafeArgument, 'npx is a batch file')
      expect(onWindows('node', [bad]).args, 'a program takes it').to.deep.equal([bad])
    })
  }

  it('M74 on Windows no argument of a batch file can leave its quotes', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 5 }), (given) => {
        let line: string
        try {
          line = onWindows('npx', given).args.at(-1) ?? ''
        } catch (error) {
          return error instanceof UnsafeArgument && given.some((word) => /["%\r\n\0]/.test(word))
        }
        // As a shell reads it: outside of quotes there is nothing but blanks.
        const outside = line
          .slice(1, -1)
          .split('"')
          .filter((_, index) => index % 2 === 0)
        return outside.every((text) => text.trim() === '') && outside.length === given.length + 2
      }),
    )
  })

  it('M74 on Windows a program ends with its whole tree, by force if it must', () => {
    expect(planTreeKill(42, 'SIGTERM')).to.deep.equal({ command: 'taskkill', args: ['/pid', '42', '/T'] })
    expect(planTreeKill(42, 'SIGKILL').args).to.deep.equal(['/pid', '42', '/T', '/F'])
  })
})
