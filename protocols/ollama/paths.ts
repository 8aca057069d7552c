/** The paths of which more than one noun must know. */
export const CHAT_PATH = '/api/chat'
/** Its body has a prompt instead of messages, its answers a response instead of a message. */
export const GENERATE_PATH = '/api/generate'
export const EMBED_PATH = '/api/embed'
/** Superseded by the one above: one prompt, one vector. */
export const OLD_EMBED_PATH = '/api/embeddings'
