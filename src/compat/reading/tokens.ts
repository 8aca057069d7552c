/** Special tokens that are neither text nor call, by their name between the brackets. */
export const CONTROL_TOKENS: ReadonlySet<string> = new Set([
  '|im_end|',
  '|eot_id|',
  '|eom_id|',
  '|end_of_sentence|',
  '|endoftext|',
  '|end_of_text|',
  '|end_of_turn|',
  'end_of_turn',
  '|call|',
  '|end|',
  '|return|',
  'turn|',
  '|eos|',
  'seed:eos',
])
