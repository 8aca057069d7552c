/** Parts of an answer, written for a client. */
import { readCallInput } from '../ir/call-input.ts'
import type { ReportLoss } from '../ir/loss.ts'
import type { Part } from '../ir/part.ts'
import { writeProof } from './history.ts'
import { giveBack, isSpelled, PROTOCOL } from './keep.ts'
import { type MediaPart, writeMedia } from './media.ts'
import type { WirePart } from './wire.ts'

type WritePart<Type extends Part['type']> = (
  part: Extract<Part, { type: Type }>,
  path: string,
  report: ReportLoss,
) => WirePart | undefined

/** Only this protocol's own proofs: a client sends them back, and could not say whose others are. */
const proofOf = (part: Parameters<typeof writeProof>[0], path: string, report: ReportLoss) =>
  writeProof(part, path, { own: false, issuer: PROTOCOL, report })

const WRITERS: { readonly [Type in Part['type']]: WritePart<Type> } = {
  text(part, path, report) {
    const proof = proofOf(part, path, report)
    if (part.text === '' && proof.thoughtSignature === undefined) return undefined
    return { text: part.text, ...proof }
  },
  image: writeMediaPart,
  audio: writeMediaPart,
  file: writeMediaPart,
  reasoning(part, path, report) {
    if (part.encrypted !== undefined) report(`${path}.encrypted`, `only ${part.issuer ?? 'its issuer'} can read this`)
    const proof = proofOf(part, path, report)
    if (part.text === '' && proof.thoughtSignature === undefined) return undefined
    return { text: part.text, thought: true, ...proof }
  },
  'tool-call'(part, path, report) {
    if (part.namespace !== undefined) report(`${path}.namespace`, 'tools have no groups here')
    const args = readCallInput(part, path, report)
    const isBare = isSpelled(part, 'no-args') && Object.keys(args).length === 0
    const functionCall = {
      ...(isSpelled(part, 'no-id') ? {} : { id: part.id }),
      name: part.name,
      ...(isBare ? {} : { args }),
    }
    return { functionCall, ...proofOf(part, path, report) }
  },
  'tool-result'(_part, path, report) {
    report(path, 'an answer holds no results of tools')
    return undefined
  },
  refusal: (part) => (part.text === '' ? undefined : { text: part.text }),
  opaque(part, path, report) {
    // What this codec made opaque was a part.
    if (part.protocol === PROTOCOL) return { ...(part.value as WirePart) }
    report(path, `only ${part.protocol} understands this block`)
    return undefined
  },
}

/** @returns nothing for a part that cannot or need not be told. */
export function writeReplyPart(part: Part, path: string, report: ReportLoss): WirePart | undefined {
  // The row of the table takes just this type of part, which the compiler cannot see through the union.
  const wire = WRITERS[part.type](part as never, path, report)
  if (wire !== undefined && part.type !== 'opaque') giveBack(wire, part, path, report)
  return wire
}

function writeMediaPart(part: MediaPart, path: string, report: ReportLoss): WirePart | undefined {
  if (part.type === 'audio' && part.transcript !== undefined)
    report(`${path}.transcript`, 'a sound has no words beside it')
  const written = writeMedia(part, false)
  if ('part' in written) return written.part
  report(path, written.lost)
  return undefined
}

/** Whether a call can be run: half of one must not be (trap 143). */
export function isComplete(json: string): boolean {
  try {
    JSON.parse(json === '' ? '{}' : json)
    return true
  } catch {
    return false
  }
}
