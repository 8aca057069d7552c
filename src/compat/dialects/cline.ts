/** Tags named after tools and parameters: the prompts of Cline, Roo and Kilo. */
import type { Dialect, TagReader } from '../dialect.ts'
import type { Desk } from '../reading/desk.ts'
import { nextTag } from '../reading/peek-tag.ts'
import { type RawValue, readRawValue, type TagMeaning } from '../reading/read-raw-value.ts'
import type { Reading } from '../reading/source.ts'
import type { Tag } from '../reading/tag.ts'
import { CONTROL_TOKENS } from '../reading/tokens.ts'
import type { ValueShape } from '../reading/value-text.ts'
import { ArgumentsWriter } from '../reading/write-arguments.ts'
import type { OfferedTool } from '../tools/tool-book.ts'

const SHAPE: ValueShape = { trimsNewlines: true, entities: 'guess' }

/** The reader stands behind a tag that may name a tool; many tools are called like elements of HTML. */
const readToolTag: TagReader = function* (desk, tag) {
  const { source } = desk
  const tool = desk.tools.open ? undefined : desk.tools.find(tag.written)
  if (tool === undefined || tag.closing) return 'none'
  const mean = (inner: Tag, isBegun: boolean, open?: string): TagMeaning => {
    if (!inner.closing && CONTROL_TOKENS.has(inner.name)) return { kind: 'token' }
    if (inner.closing && inner.name === open) return { kind: 'value' }
    if (inner.name === tag.name) return { kind: inner.closing ? 'call' : 'opening' }
    if (inner.closing && (inner.name.startsWith(tag.name) || desk.tools.find(inner.written) !== undefined))
      return { kind: 'foreign' }
    const parameter = tool.parameterOf(inner.written)
    if (inner.closing) return open === undefined && parameter !== undefined ? { kind: 'value' } : undefined
    if (parameter !== undefined) return { kind: 'parameter', name: parameter }
    return isBegun && desk.tools.find(inner.written) !== undefined ? { kind: 'opening' } : undefined
  }
  if (!tag.selfClosing) {
    const inner = yield* nextTag(source)
    const isBegun = inner !== undefined && isInside(mean(inner, false))
    const isUnclosed = isBare(tool) && (inner === undefined ? source.left === 0 : isEnd(mean(inner, true)))
    if (!isBegun && !isUnclosed) return 'none'
  }
  const writer = new ArgumentsWriter(desk.calls, { tool })
  if (!tag.selfClosing) yield* readParameters(desk, writer, (inner, open) => mean(inner, true, open))
  writer.end(source.whole)
  return 'called'
}

/** Nothing but its closing tag can be missing behind the tag of a tool without parameters. */
function isBare({ parameters }: OfferedTool): boolean {
  return parameters !== undefined && Object.keys(parameters['properties'] ?? {}).length === 0
}

function isEnd(meaning: TagMeaning): boolean {
  return meaning !== undefined && meaning !== 'cut' && (meaning.kind === 'opening' || meaning.kind === 'token')
}

/** A parameter of the tool, or its end, must follow its tag. */
function isInside(meaning: TagMeaning): boolean {
  return meaning !== undefined && meaning !== 'cut' && (meaning.kind === 'parameter' || meaning.kind === 'call')
}

function* readParameters(
  { source }: Desk,
  writer: ArgumentsWriter,
  mean: (tag: Tag, open: string | undefined) => TagMeaning,
): Reading {
  for (;;) {
    const tag = yield* nextTag(source)
    const meaning = tag === undefined ? undefined : mean(tag, undefined)
    if (tag === undefined) source.leaveOpen()
    if (tag === undefined || meaning === undefined || meaning === 'cut') return
    if (meaning.kind === 'call' || meaning.kind === 'foreign' || meaning.kind === 'value') source.skip(tag.length)
    if (meaning.kind === 'value') continue
    if (meaning.kind !== 'parameter') return
    source.skip(tag.length)
    const value: RawValue = {
      name: meaning.name,
      shape: SHAPE,
      stem: tag.name,
      mean: (inner) => mean(inner, tag.name),
    }
    if (tag.selfClosing) writer.text(meaning.name, '')
    else yield* readRawValue(source, writer, value)
  }
}

export const CLINE: Dialect = { name: 'cline', toolTags: readToolTag }
