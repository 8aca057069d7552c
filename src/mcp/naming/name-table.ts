/** The names under which a group serves the tools (or the prompts) of its servers. */
import { findNearest } from '../../config/nearest.ts'
import { hashedName, plainName, prefixName } from './exposed-name.ts'

/**
 * `prefix`: always `server__tool`; `plain`: never; `auto`: only where another server of the group has the same name (M65).
 * `verbatim`: as the one server of the group has named it, whatever the characters.
 */
export type NamingMode = 'prefix' | 'plain' | 'auto' | 'verbatim'

/** A tool or prompt, as its server calls it. */
export interface NamedItem {
  readonly server: string
  readonly name: string
}

export interface NameTable {
  /** In the order in which the items were given. */
  readonly entries: readonly { readonly exposed: string; readonly item: NamedItem }[]
  /** Items that have no name of their own in mode `plain`, each as a sentence that names both servers. */
  readonly clashes: readonly string[]
  nameOf(server: string, name: string): string | undefined
  /**
   * Who is meant: by the exact name; with or without the prefix; ignoring case and `-./_`. Each only if exactly one remains (M66).
   */
  find(asked: string): NamedItem | undefined
  /** Up to three names that were perhaps meant. */
  suggest(asked: string): readonly string[]
}

/**
 * Gives every item its name. The names depend on the items alone, never on which server is up or was asked first (M64).
 *
 * @param items of the whole group, in the order of its configuration (M115).
 */
export function buildNameTable(mode: NamingMode, items: readonly NamedItem[]): NameTable {
  const distinct = [...new Map(items.map((item) => [keyOf(item), item])).values()]
  const { wanted, clashes } = chooseNames(mode, distinct)
  const entries = keepApart(wanted)
  const exposedBy = new Map(entries.map(({ exposed, item }) => [keyOf(item), exposed]))
  const itemBy = new Map(entries.map(({ exposed, item }) => [exposed, item]))
  const served = entries.map(({ item }) => item)
  // Few ask for a name that nobody gave them, and everybody waits for the list.
  const spelled = once(() =>
    groupBy(served, ({ server, name }) => [
      name,
      plainName(server, name),
      prefixName(server, name),
      `${server}__${name}`,
    ]),
  )
  const folded = once(() =>
    groupBy(served, (item) => {
      const { server, name } = item
      return [exposedBy.get(keyOf(item)) ?? name, name, prefixName(server, name), `${server}__${name}`].map(fold)
    }),
  )

  return {
    entries,
    clashes,
    nameOf: (server, name) => exposedBy.get(keyOf({ server, name })),
    find: (asked) => itemBy.get(asked) ?? onlyOne(spelled().get(asked)) ?? onlyOne(folded().get(fold(asked))),
    suggest: (asked) => findNearest(asked, itemBy.keys()),
  }
}

interface Entry {
  readonly exposed: string
  readonly item: NamedItem
}

function chooseNames(mode: NamingMode, items: readonly NamedItem[]): { wanted: Entry[]; clashes: string[] } {
  const clashes: string[] = []
  if (mode === 'prefix') return { wanted: items.map(withPrefix), clashes }
  if (mode === 'verbatim') return { wanted: items.map((item) => ({ exposed: item.name, item })), clashes }
  const sharers = groupBy(items, ({ server, name }) => [plainName(server, name)])
  const wanted = items.flatMap((item) => {
    const exposed = plainName(item.server, item.name)
    const [first, ...others] = sharers.get(exposed) ?? [item]
    if (others.length === 0) return [{ exposed, item }]
    if (mode === 'auto') return [withPrefix(item)]
    if (first === item) return [{ exposed, item }]
    clashes.push(
      `${item.name} of the server ${item.server} and ${first?.name} of the server ${first?.server} would both be called ${exposed}`,
    )
    return []
  })
  return { wanted, clashes }
}

/** Names that still meet (their odd characters were replaced) get a hash, all but the one that is spelled so by itself. */
function keepApart(wanted: readonly Entry[]): readonly Entry[] {
  const sharers = groupBy(wanted, ({ exposed }) => [exposed])
  return wanted.map((entry) => {
    const { exposed, item } = entry
    const own = sharers.get(exposed) ?? []
    if (own.length < 2 || onlyOne(own.filter(isSpelledSo)) === entry) return entry
    return { exposed: hashedName(exposed, item.server, item.name), item }
  })
}

function isSpelledSo({ exposed, item }: Entry): boolean {
  return exposed === item.name || exposed === `${item.server}__${item.name}`
}

function withPrefix(item: NamedItem): Entry {
  return { exposed: prefixName(item.server, item.name), item }
}

function keyOf({ server, name }: NamedItem): string {
  return JSON.stringify([server, name])
}

function fold(text: string): string {
  return text.toLowerCase().replaceAll(/[-./_]/g, '')
}

function groupBy<Item>(items: readonly Item[], keysOf: (item: Item) => readonly string[]): Map<string, Item[]> {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    for (const key of new Set(keysOf(item))) {
      const group = groups.get(key)
      if (group === undefined) groups.set(key, [item])
      else group.push(item)
    }
  }
  return groups
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

function onlyOne<Item>(items: readonly Item[] | undefined): Item | undefined {
  return items?.length === 1 ? items[0] : undefined
}
