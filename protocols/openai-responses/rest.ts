/** What is kept of this wire beyond the words of the interlingua. */
import { createRestKeeper } from '../ir/rest.ts'

/** The name of this codec, on everything that it alone understands. */
export const PROTOCOL = 'openai-responses'

export const { createRest, isOwn, isSpelled, noted, giveBack } = createRestKeeper(PROTOCOL)
