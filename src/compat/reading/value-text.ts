/** Makes the raw text of an XML value what its dialect means: a newline less at each end, entities decoded, CDATA unwrapped. */

export interface ValueShape {
  /** One newline at each end belongs to the format. */
  readonly trimsNewlines: boolean
  /** `guess`: entities are decoded where nothing in the value shows that it was never escaped. */
  readonly entities: 'verbatim' | 'decode' | 'guess'
}

export interface ValueText {
  push(piece: string): void
  /** @param closed by its own tag: else a line break before what ended it is no part of it. */
  end(closed: boolean): void
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
const ENTITY = /&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6}));/g
const RAW = /[<>]|&(?!(?:amp|lt|gt|quot|apos);)/
const CUT_ENTITY = /&[#\w]{0,9}$/
const LAST_BREAK = /\r?\n[ \t]*$|\r$/
const MAX_TAIL = 256
const CDATA = '<![CDATA['
const CDATA_END = ']]>'
/** A value is held back so long until it is told as it is written. */
const MAX_HELD = 1 << 20

export function createValueText(shape: ValueShape, emit: (piece: string) => void): ValueText {
  const decoder = createDecoder(shape.entities, emit)
  let begun = !shape.trimsNewlines
  let tail = ''

  return {
    push(piece) {
      let text = tail + piece
      tail = ''
      if (!begun) {
        if (text === '\r') {
          tail = text
          return
        }
        begun = true
        text = text.slice(firstBreak(text))
      }
      const last = LAST_BREAK.exec(text)
      if (last !== null && last[0].length < MAX_TAIL) {
        tail = last[0]
        text = text.slice(0, last.index)
      }
      if (text !== '') decoder.push(text)
    },
    end(closed) {
      if (tail !== '' && !isDropped(tail, shape.trimsNewlines, closed)) decoder.push(tail)
      decoder.end()
    },
  }
}

/** The same for a value that is there as a whole; nothing where there may be something to decode in it. */
export function plainValue(
  value: string,
  { trimsNewlines, entities }: ValueShape,
  closed: boolean,
): string | undefined {
  const begins = trimsNewlines ? firstBreak(value) : 0
  if (entities !== 'verbatim' && (value.includes('&') || value.startsWith('<', begins))) return undefined
  const tail = value.charCodeAt(value.length - 1) > 32 ? undefined : LAST_BREAK.exec(value.slice(begins))?.[0]
  const ends = tail !== undefined && tail.length < MAX_TAIL && isDropped(tail, trimsNewlines, closed) ? tail.length : 0
  return begins === 0 && ends === 0 ? value : value.slice(begins, value.length - ends)
}

function firstBreak(text: string): number {
  return text.startsWith('\n') ? 1 : text.startsWith('\r\n') ? 2 : 0
}

/** Whether the white space at the end belongs to the format. */
function isDropped(tail: string, trimsNewlines: boolean, closed: boolean): boolean {
  return closed ? trimsNewlines && (tail === '\n' || tail === '\r\n') : tail.includes('\n')
}

function createDecoder(
  entities: ValueShape['entities'],
  emit: (piece: string) => void,
): { push(piece: string): void; end(): void } {
  if (entities === 'verbatim') return { push: emit, end: () => undefined }
  let held = ''
  let mode: 'fresh' | 'flow' | 'held' | 'raw' | 'cdata' = 'fresh'
  const pieces: string[] = []
  let heldSize = 0

  function hold(text: string): void {
    pieces.push(text)
    heldSize += text.length
    if (heldSize <= MAX_HELD) return
    mode = 'raw'
    emit(pieces.splice(0).join(''))
  }

  function flow(text: string): void {
    if (mode === 'raw') emit(text)
    else if (mode === 'cdata') hold(text)
    else if (entities === 'decode') emit(decodeEntities(text))
    else if (RAW.test(text)) {
      mode = 'raw'
      emit(pieces.splice(0).join('') + text)
    } else if (mode === 'held' || text.includes('&')) {
      mode = 'held'
      hold(text)
    } else emit(text)
  }

  return {
    push(piece) {
      let text = held + piece
      held = ''
      if (mode === 'fresh') {
        if (text.length < CDATA.length && CDATA.startsWith(text)) {
          held = text
          return
        }
        mode = text.startsWith(CDATA) ? 'cdata' : 'flow'
      }
      const cut = mode === 'cdata' || mode === 'raw' ? null : CUT_ENTITY.exec(text)
      if (cut !== null) {
        held = cut[0]
        text = text.slice(0, cut.index)
      }
      if (text !== '') flow(text)
    },
    end() {
      if (held !== '') flow(held)
      const text = pieces.splice(0).join('')
      if (text === '') return
      if (mode !== 'cdata') emit(decodeEntities(text))
      else if (text.indexOf(CDATA_END) === text.length - CDATA_END.length)
        emit(text.slice(CDATA.length, -CDATA_END.length))
      else emit(entities === 'decode' ? decodeEntities(text) : text)
    },
  }
}

function decodeEntities(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(
    ENTITY,
    (written, name: string | undefined, decimal: string | undefined, hex: string | undefined) => {
      if (name !== undefined) return ENTITIES[name] ?? written
      const point = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
      return point <= 0x10ffff ? String.fromCodePoint(point) : written
    },
  )
}
