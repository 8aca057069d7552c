/** Where in a line of text the reader is. */
export interface Line {
  /** Only white space stands before it. */
  atStart: boolean
  /** So many backticks opened inline code; 0: none. */
  code: number
  /** A call stands directly before it, but for white space. */
  afterCall: boolean
  /** The tag that opened the last call, or the wrapper around it. */
  block: string
  /** That wrapper was not closed yet. */
  isOpen: boolean
  /** A mark before it opened no call: the tokens that would end the call are text, too. */
  unread: boolean
}
