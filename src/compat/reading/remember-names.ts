/** So many names, and none longer: a model may write any number of any length. */
const MAX_NAMES = 1000
const MAX_LENGTH = 64

/** What is made of a name, made once for those that come again and again. */
export function rememberNames<Made>(make: (name: string) => Made): (name: string) => Made {
  const known = new Map<string, Made>()
  return (name) => {
    const made = known.get(name)
    if (made !== undefined) return made
    if (known.size >= MAX_NAMES || name.length > MAX_LENGTH) return make(name)
    const own = detach(name)
    const fresh = make(own)
    known.set(own, fresh)
    return fresh
  }
}

/** A copy: a piece of a text keeps the whole text in memory. */
function detach(name: string): string {
  const copy: unknown = JSON.parse(JSON.stringify(name))
  return typeof copy === 'string' ? copy : name
}
