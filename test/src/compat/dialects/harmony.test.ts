import { describeDialect, OSLO, PING } from './describe-dialect.ts'

const CALL =
  '<|channel|>commentary to=functions.get_weather <|constrain|>json<|message|>{"city": "Oslo", "days": 2}<|call|>'

describeDialect('harmony', [
  [
    'arguments in a fence',
    '<|channel|>commentary to=functions.get_weather<|message|>```json\n{"city": "Oslo", "days": 2}\n```<|call|>',
    [OSLO],
    '',
  ],

  [
    'a head whose beginning stood in the prompt',
    ' to=functions.get_weather<|channel|>commentary <|constrain|>json<|message|>{"city": "Oslo", "days": 2}<|call|>',
    [OSLO],
    '',
  ],
  [
    'a recipient before the channel, its tokens being stripped',
    'assistant to=functions.get_weathercommentary json{"city": "Oslo", "days": 2}',
    [OSLO],
    '',
  ],
  [
    'a message begins a line, so that a fence in it is one',
    '<|channel|>final<|message|>```\n<tool_call>{"name": "ping"}</tool_call>\n```\nis a call.<|return|>',
    [],
    '```\n<tool_call>{"name": "ping"}</tool_call>\n```\nis a call.',
  ],

  [
    'analysis is reasoning, final is the answer',
    '<|channel|>analysis<|message|>Hm. <|channel| x<|end|><|start|>assistant<|channel|>final<|message|>Yes.<|return|>',
    [],
    'Yes.',
  ],
  ['a preamble and a call', `<|channel|>commentary<|message|>First.<|end|><|start|>assistant${CALL}`, [OSLO], 'First.'],
  [
    'the recipient may stand before the channel',
    '<|start|>assistant to=functions.ping<|channel|>commentary<|message|>{}<|call|>',
    [PING],
    '',
  ],
  [
    'C4: a call on the analysis channel is one, on the final channel none',
    '<|channel|>analysis to=functions.ping<|message|>{}<|call|><|channel|>final to=functions.ping<|message|>{}<|end|>',
    [PING],
    '{}',
  ],
  [
    'words that are left when special tokens are stripped',
    'Go.assistantcommentary to=functions.get_weather json{"city": "Oslo", "days": 2}',
    [OSLO],
    'Go.',
  ],
  [
    'an invented result is cut',
    `${CALL}<|start|>functions.get_weather to=assistant<|channel|>commentary<|message|>1<|end|>`,
    [OSLO],
    '',
  ],
  [
    'the words without a call are text',
    'see commentary to=functions.x for more',
    [],
    'see commentary to=functions.x for more',
  ],
  [
    'F9: the name of a tool where a role belongs cuts, header or not',
    '<|channel|>commentary to=functions.ping<|message|>{}<|call|><|start|>functions.ping\npong',
    [PING],
    '',
  ],
  [
    'a header that is too long is none, whole or in pieces',
    `${'<|start|>assistant'.repeat(20)}<|channel|>commentary to=functions.ping<|message|>{}<|call|>`,
    [PING],
    '<|start|>assistant<|start|>assistant<|start|>assistant<|start|>assistant<|start|>assistant',
  ],
])
