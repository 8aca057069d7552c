/**
 * Makes `package-lock.json` fit for every platform and every registry: run it after `npm install` has changed the file.
 *
 * A registry that mirrors only some platforms leaves the optional packages of the others out of the lock file, and `npm ci`
 * then refuses it everywhere. Their names and versions are known from their parents. Download addresses are left out, so
 * that each machine asks the registry that it is set up for.
 */
import { readFileSync, writeFileSync } from 'node:fs'

const FILE = new URL('../package-lock.json', import.meta.url)

const SYSTEMS = {
  android: 'android',
  darwin: 'darwin',
  freebsd: 'freebsd',
  linux: 'linux',
  openharmony: 'openharmony',
  win32: 'win32',
}
const PROCESSORS = ['arm64', 'arm', 'ia32', 'ppc64', 'riscv64', 's390x', 'x64']

const lock = JSON.parse(readFileSync(FILE, 'utf8'))
for (const entry of Object.values(lock.packages)) delete entry.resolved
for (const parent of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
    const place = `node_modules/${name}`
    if (lock.packages[place] !== undefined || !/^\d/.test(version)) continue
    lock.packages[place] = { version, ...readPlatform(name), dev: parent.dev, optional: true }
  }
}
const root = lock.packages['']
const sorted = Object.fromEntries(Object.entries(lock.packages).sort(([one], [other]) => (one < other ? -1 : 1)))
lock.packages = { '': root, ...sorted }
writeFileSync(FILE, `${JSON.stringify(lock, null, 2)}\n`)

/** The platform that the name of such a package tells. */
function readPlatform(name) {
  const words = name.split(/[-/]/)
  const system = Object.keys(SYSTEMS).find((word) => words.includes(word))
  const processor = PROCESSORS.find((word) => words.includes(word))
  if (system === undefined || processor === undefined) throw new Error(`no platform is told by the name ${name}`)
  const libc = words.some((word) => word.startsWith('musl')) ? 'musl' : 'glibc'
  return { cpu: [processor], os: [SYSTEMS[system]], ...(system === 'linux' ? { libc: [libc] } : {}) }
}
