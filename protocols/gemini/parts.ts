/** Parts of the wire, decoded: one becomes one part of the interlingua. */
import { expectBoolean, expectObject, expectString, optional } from '../ir/expect.ts'
import type { JsonObject } from '../ir/extra.ts'
import type { OpaquePart, Part, ReasoningPart, TextPart, ToolCallPart, ToolResultPart } from '../ir/part.ts'
import { createKeeper, type Keeper, PROTOCOL } from './keep.ts'
import { readInline, readRemote } from './media.ts'
import { readResult } from './tool-result.ts'

/** What differs between the parts of a client and those of a back end. */
export interface PartReader {
  /** Whose the signatures are. */
  readonly issuer: string
  /** @returns the id of this call, made up where the wire has none (trap 44). */
  readonly idOfCall: (name: string, id: string | undefined) => string
  /** @returns which call is answered, by id, name or order (Q68); nothing where results have no place. */
  readonly callOfResult?: (name: string | undefined, id: string | undefined) => { id: string; name?: string }
}

const CALL = new Set(['id', 'name', 'args'])
const RESULT = new Set(['id', 'name', 'response', 'parts'])
const KINDS = ['functionCall', 'functionResponse', 'inlineData', 'fileData', 'text'] as const
/** Members that are the content of a part but have no name in the interlingua: the part is carried verbatim. */
const OTHER_KINDS = ['executableCode', 'codeExecutionResult', 'toolCall', 'toolResponse', 'audioTranscription']
const PART = new Set<string>([...KINDS, ...OTHER_KINDS, 'thought', 'thoughtSignature'])

/** @throws ApiFailure `bad-request` naming the member that is wrong. */
export function decodePart(value: unknown, path: string, reader: PartReader): Part {
  if (typeof value === 'string') return { type: 'text', text: value, spelling: { protocol: PROTOCOL, form: 'bare' } }
  const raw = expectObject(value, path)
  const keeper = createKeeper()
  const fields = keeper.read(raw, PART)
  const kind = KINDS.find((one) => fields[one] !== undefined)
  const isThought = optional(fields.thought, `${path}.thought`, expectBoolean) === true
  const isOther = OTHER_KINDS.some((name) => fields[name] !== undefined)
  const isBare = kind === undefined && fields.thoughtSignature === undefined && !isThought
  // A picture in a thought is a sketch, which is no part of the answer.
  if (isOther || isBare || (isThought && kind !== undefined && kind !== 'text' && kind !== 'functionCall'))
    return { type: 'opaque', protocol: PROTOCOL, value: raw }
  if (fields.thought === false) keeper.keep('thought', false)
  const proof = readProof(fields, path, reader)
  switch (kind) {
    case 'functionCall':
      if (isThought) keeper.keep('thought', true)
      return readCall(fields.functionCall, proof, path, reader, keeper)
    case 'functionResponse':
      keepProof(proof, keeper)
      return readResponse(raw, fields.functionResponse, path, reader, keeper)
    case 'inlineData':
      keepProof(proof, keeper)
      return { ...readInline(fields.inlineData, `${path}.inlineData`, keeper), ...keeper.kept() }
    case 'fileData':
      keepProof(proof, keeper)
      return { ...readRemote(fields.fileData, `${path}.fileData`, keeper), ...keeper.kept() }
    case 'text':
    case undefined:
      return readText(fields, isThought, proof, path, keeper)
  }
}

/** A proof of reasoning, which may stand on any kind of part (Q66). */
type SignatureProof = Pick<TextPart, 'signature' | 'issuer'>

function readProof(fields: JsonObject, path: string, { issuer }: PartReader): SignatureProof {
  const signature = optional(fields.thoughtSignature, `${path}.thoughtSignature`, expectString)
  return signature === undefined ? {} : { signature, issuer }
}

/** The interlingua's pictures, files and results are not signed: only this API asks for it back. */
function keepProof({ signature }: SignatureProof, keeper: Keeper): void {
  if (signature !== undefined) keeper.keep('thoughtSignature', signature)
}

function readText(
  fields: JsonObject,
  isThought: boolean,
  proof: SignatureProof,
  path: string,
  keeper: Keeper,
): TextPart | ReasoningPart {
  if (fields.text === undefined) keeper.spell('no-text')
  const text = optional(fields.text, `${path}.text`, expectString) ?? ''
  return { type: isThought ? 'reasoning' : 'text', text, ...proof, ...keeper.kept() }
}

function readCall(
  value: unknown,
  proof: SignatureProof,
  path: string,
  reader: PartReader,
  keeper: Keeper,
): ToolCallPart {
  const place = `${path}.functionCall`
  const fields = keeper.read(expectObject(value, place), CALL, 'functionCall.')
  const name = expectString(fields.name, `${place}.name`)
  const id = readId(fields.id, `${place}.id`, 'functionCall.id', keeper)
  if (fields.args === undefined) keeper.spell('no-args')
  const args = optional(fields.args, `${place}.args`, expectObject) ?? {}
  return {
    type: 'tool-call',
    id: reader.idOfCall(name, id),
    name,
    arguments: JSON.stringify(args),
    ...proof,
    ...keeper.kept(),
  }
}

/** An empty id is none. */
function readId(value: unknown, path: string, name: string, keeper: Keeper): string | undefined {
  const id = optional(value, path, expectString)
  if (id !== undefined && id !== '') return id
  if (id === '') keeper.keep(name, id)
  keeper.spell('no-id')
  return undefined
}

function readResponse(
  raw: JsonObject,
  value: unknown,
  path: string,
  reader: PartReader,
  keeper: Keeper,
): ToolResultPart | OpaquePart {
  // In an answer it is what a tool of the server said, which nobody else has to hear.
  if (reader.callOfResult === undefined) return { type: 'opaque', protocol: PROTOCOL, value: raw }
  const place = `${path}.functionResponse`
  const fields = keeper.read(expectObject(value, place), RESULT, 'functionResponse.')
  const given = optional(fields.name, `${place}.name`, expectString)
  if (given === undefined) keeper.spell('no-name')
  const id = readId(fields.id, `${place}.id`, 'functionResponse.id', keeper)
  const call = reader.callOfResult(given === '' ? undefined : given, id)
  if (given === '') keeper.keep('functionResponse.name', given)
  const name = given === undefined || given === '' ? call.name : given
  return {
    type: 'tool-result',
    callId: call.id,
    ...(name === undefined ? {} : { name }),
    ...readResult(fields, given, place, keeper),
    ...keeper.kept(),
  }
}
