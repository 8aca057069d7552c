/** The provider that answers inside this process, so that the program can be tried before any key is configured. */

/** Its name in the registry. */
export const DEMO_PROVIDER = 'demo'

/** Its models: one says what it was asked, one calls the tools that it is given. */
export const DEMO_MODELS = ['echo', 'tools'] as const
