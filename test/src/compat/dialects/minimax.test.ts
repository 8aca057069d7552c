import { describeDialect, OSLO, PING } from './describe-dialect.ts'

const CALL =
  '<invoke name="get_weather">\n<parameter name="city">Oslo</parameter>\n<parameter name="days">2</parameter>\n</invoke>'

describeDialect('minimax', [
  ['F5: all calls of one wrapper count', `<minimax:tool_call>${CALL}${CALL}</minimax:tool_call>`, [OSLO, OSLO], ''],
  [
    'F12: one malformed call does not poison the next',
    `<minimax:tool_call><invoke>x</invoke></minimax:tool_call>\n<minimax:tool_call>${CALL}</minimax:tool_call>`,
    [OSLO],
    '<minimax:tool_call><invoke>x</invoke></minimax:tool_call>',
  ],
  [
    'entities are data',
    '<minimax:tool_call><invoke name="write_file"><parameter name="content">a &amp; b</parameter></invoke></minimax:tool_call>',
    [['write_file', { content: 'a &amp; b' }]],
    '',
  ],
  [
    'F1: a missing end of the call',
    `<minimax:tool_call>${CALL.replace('</invoke>', '')}</minimax:tool_call>`,
    [OSLO],
    '',
  ],
  [
    'M1 wrote lines of JSON',
    '<tool_calls>\n{"name": "ping", "arguments": {}}\n{"name": "get_weather", "arguments": {"city": "Oslo", "days": 2}}\n</tool_calls>',
    [PING, OSLO],
    '',
  ],
])
