/** Serves paths that name no group; always there. */
export const DEFAULT_GROUP = 'default'
