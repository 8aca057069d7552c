import { FrameTooLong } from './frame-too-long.ts'

/** Runs a decoder; that a frame has outgrown every limit is told instead of thrown. @param tell is given the words for it. */
export function tellTooLong(read: () => void, tell: (message: string) => void): void {
  try {
    read()
  } catch (error) {
    if (!(error instanceof FrameTooLong)) throw error
    tell(error.message)
  }
}
