import { describeDialect, OSLO, PING } from './describe-dialect.ts'

const PAIRS =
  '<arg_key>city</arg_key>\n<arg_value>Oslo</arg_value>\n<arg_key>days</arg_key>\n<arg_value>2</arg_value>\n'

describeDialect('glm', [
  [
    'a call with and without line breaks',
    `<tool_call>get_weather\n${PAIRS}</tool_call><tool_call>get_weather${PAIRS.replaceAll('\n', '')}</tool_call>`,
    [OSLO, OSLO],
    '',
  ],
  ['a call without arguments', 'Hm. <tool_call>ping</tool_call>', [PING], 'Hm.'],
  [
    'white space in values is data',
    '<tool_call>write_file<arg_key>content</arg_key><arg_value>\n  x\n</arg_value></tool_call>',
    [['write_file', { content: '\n  x\n' }]],
    '',
  ],
  [
    'a value without its tags',
    '<tool_call>get_weather<arg_key>city</arg_key></arg_key>Oslo</arg_value><arg_key>days</arg_key><arg_value>2</tool_call>',
    [OSLO],
    '',
  ],
  [
    'the last of two values of one name counts',
    '<tool_call>get_weather<arg_key>city</arg_key><arg_value>Rom</arg_value><arg_key>city</arg_key><arg_value>Oslo</arg_value><arg_key>days</arg_key><arg_value>2</arg_value></tool_call>',
    [OSLO],
    '',
  ],
  ['a name is one word', '<tool_call>not a call</tool_call>', [], '<tool_call>not a call</tool_call>'],
  [
    'wrong closing tags',
    `<tool_call>get_weather\n${PAIRS.replaceAll('</arg_value>', '</arg_key>')}</tool_call><tool_call>get_weather\n${PAIRS}</tool_calls>`,
    [OSLO, OSLO],
    '',
  ],
  [
    'closing tags of other names',
    `<tool_call>get_weather\n${PAIRS.replaceAll('</arg_key>', '</arg_keys>')}</tool>\n<tool_call>ping</tool_calls>\nDone.`,
    [OSLO, PING],
    'Done.',
  ],
  [
    'F9: a turn of the user behind a call is invented',
    '<|user|>Hi<tool_call>ping</tool_call><|user|>Thanks',
    [PING],
    'Hi',
  ],
  [
    'a call that nobody closed ends where the next one or a turn begins',
    '<tool_call>ping\n<tool_call>ping<|observation|>pong',
    [PING, PING],
    '',
  ],
  ['the end of the message closes', `<tool_call>get_weather\n${PAIRS}`, [OSLO], ''],
])
