/** Programs whose configuration is understood: Claude Code Router, and LiteLLM's proxy. */
export const FOREIGN = ['ccr', 'litellm'] as const

export type Foreign = (typeof FOREIGN)[number]
