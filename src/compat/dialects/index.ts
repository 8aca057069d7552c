/** All dialects, one line each. */
import type { Dialect } from '../dialect.ts'
import type { DialectName } from '../dialect-name.ts'
import { ANTHROPIC_XML } from './anthropic-xml.ts'
import { CHATSPEED } from './chatspeed.ts'
import { CLINE } from './cline.ts'
import { DEEPSEEK } from './deepseek.ts'
import { DEEPSEEK_DSML } from './deepseek-dsml.ts'
import { FENCED_JSON } from './fenced-json.ts'
import { GEMMA } from './gemma.ts'
import { GLM } from './glm.ts'
import { HARMONY } from './harmony.ts'
import { HERMES } from './hermes.ts'
import { JSON_ARRAY } from './json-array.ts'
import { KIMI } from './kimi.ts'
import { LLAMA_JSON } from './llama-json.ts'
import { MINIMAX } from './minimax.ts'
import { MISTRAL } from './mistral.ts'
import { PYTHONIC } from './pythonic.ts'
import { QWEN3_CODER } from './qwen3-coder.ts'
import { SEED_OSS } from './seed-oss.ts'

export const DIALECTS: Readonly<Record<DialectName, Dialect>> = {
  hermes: HERMES,
  'qwen3-coder': QWEN3_CODER,
  'seed-oss': SEED_OSS,
  'anthropic-xml': ANTHROPIC_XML,
  minimax: MINIMAX,
  chatspeed: CHATSPEED,
  glm: GLM,
  deepseek: DEEPSEEK,
  'deepseek-dsml': DEEPSEEK_DSML,
  kimi: KIMI,
  mistral: MISTRAL,
  'llama-json': LLAMA_JSON,
  pythonic: PYTHONIC,
  'json-array': JSON_ARRAY,
  gemma: GEMMA,
  harmony: HARMONY,
  'fenced-json': FENCED_JSON,
  cline: CLINE,
}
