/** Things that a test opened, to be closed in reverse order when it is over. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Closing {
  /** Remembers how to close something; returns the thing itself. */
  add<Thing>(thing: Thing, close: (thing: Thing) => unknown): Thing
  /** Closes all, the youngest first. The first error is thrown when everything was tried. */
  closeAll(): Promise<void>
}

/** For `afterEach(() => closing.closeAll())`. */
export function createClosing(): Closing {
  const stack: (() => unknown)[] = []
  return {
    add(thing, close) {
      stack.push(() => close(thing))
      return thing
    },
    async closeAll() {
      const errors: unknown[] = []
      for (let close = stack.pop(); close !== undefined; close = stack.pop()) {
        try {
          await close()
        } catch (error) {
          errors.push(error)
        }
      }
      if (errors.length > 0) throw errors[0]
    },
  }
}

/** A folder of its own, removed by `closing`. */
export async function makeTempDir(closing: Closing): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'interlingua-test-'))
  return closing.add(folder, (path) => rm(path, { recursive: true, force: true }))
}
