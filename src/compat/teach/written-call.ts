/** A call of the history, or of an example, as a writer takes it. */
import { scanObject } from '../../../protocols/json/scan.ts'
import { textOf } from '../../../protocols/json/span.ts'
import type { WrittenCall } from './writer.ts'

/** @param args JSON text of the arguments; where it is no object it is written as one text, so that nothing is lost. */
export function readCall(id: string, name: string, args: string): WrittenCall {
  return { id, name, values: readValues(args) }
}

function readValues(args: string): WrittenCall['values'] {
  if (args.trim() === '') return []
  const bytes = Buffer.from(args, 'utf8')
  try {
    const members = scanObject(bytes)
    const names = Object.keys(JSON.parse(args))
    return names.map((name) => {
      const span = members.last(name)
      return [name, span === undefined ? 'null' : textOf(bytes, span)]
    })
  } catch {
    return [['arguments', JSON.stringify(args)]]
  }
}
