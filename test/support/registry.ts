/** A registry over a real store, filled from a configuration as a user would write it. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Glance } from '../../protocols/codec.ts'
import { loadConfig } from '../../src/config/load-config.ts'
import { applyConfig } from '../../src/registry/apply-config.ts'
import { openRegistry, type Registry } from '../../src/registry/registry.ts'
import { openStore, type Store } from '../../src/store/open-store.ts'
import { type Closing, makeTempDir } from './close-all.ts'

export interface TestRegistry {
  readonly store: Store
  readonly registry: Registry
  /** Writes the configuration over what is there. */
  apply(config: object, environment?: Readonly<Record<string, string>>): readonly string[]
}

/** The names of the codecs are data here, and not those of the program. */
const PROTOCOLS = ['openai-chat', 'anthropic']

export async function openTestRegistry(
  closing: Closing,
  config: object = {},
  random: () => number = Math.random,
): Promise<TestRegistry> {
  const directory = await makeTempDir(closing)
  const store = closing.add(openStore({ directory }), (opened) => opened.close())
  const registry = openRegistry({ store, protocols: PROTOCOLS, random })
  const apply: TestRegistry['apply'] = (written, environment = {}) => {
    const file = join(directory, 'config.json')
    writeFileSync(file, JSON.stringify(written))
    return applyConfig(loadConfig(file, environment).config, store, environment)
  }
  apply(config)
  return { store, registry, apply }
}

/** A request that needs nothing but text, or also what is given. */
export function glanceAt(needs: Partial<Glance['needs']> = {}): Glance {
  return {
    model: '',
    stream: false,
    thinking: false,
    needs: { tools: false, images: false, audio: false, files: false, ...needs },
    textBytes: 10,
  }
}

/** Numbers that look random and are the same in every run (a linear congruential generator, Numerical Recipes). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
