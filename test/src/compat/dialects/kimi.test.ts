import { describeDialect, OSLO, PING } from './describe-dialect.ts'

const CALL =
  '<|tool_call_begin|>functions.get_weather:0<|tool_call_argument_begin|>{"city": "Oslo", "days": 2}<|tool_call_end|>'

describeDialect('kimi', [
  [
    'tokens on lines of their own',
    '<|tool_calls_section_begin|>\n<|tool_call_begin|>\nfunctions.get_weather:0\n<|tool_call_argument_begin|>\n{"city": "Oslo", "days": 2}\n<|tool_call_end|>\n<|tool_calls_section_end|>\n',
    [OSLO],
    '',
  ],

  [
    'D7: arguments that are null, empty, or a text of JSON',
    '<|tool_call_begin|>functions.ping:0<|tool_call_argument_begin|>null<|tool_call_end|><|tool_call_begin|>functions.ping:1<|tool_call_argument_begin|>[]<|tool_call_end|><|tool_call_begin|>functions.get_weather:2<|tool_call_argument_begin|>"{\\"city\\": \\"Oslo\\", \\"days\\": 2}"<|tool_call_end|>',
    [PING, PING, OSLO],
    '',
  ],
  ['surplus braces are dropped', `${CALL.replace('}<', '}}}<')} Done.`, [OSLO], 'Done.'],

  [
    'a section of calls',
    `A <|tool_calls_section_begin|>${CALL}${CALL}<|tool_calls_section_end|><|im_end|>`,
    [OSLO, OSLO],
    'A',
  ],
  ['the older name of the section', `<|tool_call_section_begin|>${CALL}<|tool_call_section_end|>`, [OSLO], ''],
  [
    'nothing where the arguments belong',
    '<|tool_calls_section_begin|><|tool_call_begin|>ping:3<|tool_call_argument_begin|><|tool_call_end|><|tool_calls_section_end|>',
    [PING],
    '',
  ],
  ['an empty section is nothing', '<|tool_calls_section_begin|> <|tool_calls_section_end|>Fine.', [], 'Fine.'],
  ['both end tokens missing', `<|tool_calls_section_begin|>${CALL.replace('<|tool_call_end|>', '')}`, [OSLO], ''],
])
