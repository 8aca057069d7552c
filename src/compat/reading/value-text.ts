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
        text = text.replace(/^\r?\n/, '')
      }
      const last = LAST_BREAK.exec(text)
      if (last !== null && last[0].length < 256) {
        tail = last[0]
        text = text.slice(0, last.index)
      }
      if (text !== '') decoder.push(text)
    },
    end(closed) {
      const dropped = closed ? shape.trimsNewlines && /^\r?\n$/.test(tail) : tail.includes('\n')
      if (!dropped && tail !== '') decoder.push(tail)
      decoder.end()
    },
  }
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
