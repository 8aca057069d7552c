import { describeDialect, OSLO } from './describe-dialect.ts'

const CALL = '<|tool_call>call:get_weather{city:<|"|>Oslo<|"|>,days:2}<tool_call|>'

describeDialect('gemma', [
  [
    'a name without quotes may be several words',
    '<|tool_call>call:search{filters:{first seen : 1,<|"|>last seen<|"|>:2}}<tool_call|>',
    [['search', { filters: { 'first seen': 1, 'last seen': 2 } }]],
    '',
  ],
  [
    'a string whose end mark was forgotten ends where the block is closed at the end of the message',
    '<|tool_call>call:write_file{path:<|"|>a<|"|>,content:<|"|>b c}<tool_call|><turn|>',
    [['write_file', { path: 'a', content: 'b c' }]],
    '',
  ],
  [
    'a mark behind a value with quotes of its own is none',
    `<|tool_call>call:write_file{path:'a'<|"|>,content:'b'<|"|>}<tool_call|>`,
    [['write_file', { path: 'a', content: 'b' }]],
    '',
  ],

  ['calls of Gemma 4', `A ${CALL} B ${CALL}<turn|>`, [OSLO, OSLO], 'A  B'],
  [
    'calls of FunctionGemma',
    '<start_function_call>call:get_weather{city:<escape>Oslo<escape>,days:2}<end_function_call>',
    [OSLO],
    '',
  ],
  [
    'quotes and backslashes inside its marks are data',
    '<|tool_call>call:write_file{content:<|"|>say "\\n", ok<|"|>}<tool_call|>',
    [['write_file', { content: 'say "\\n", ok' }]],
    '',
  ],
  [
    'lists and objects',
    '<|tool_call>call:search{tags:[<|"|>a<|"|>,<|"|>b<|"|>],filters:{year:7}}<tool_call|>',
    [['search', { tags: ['a', 'b'], filters: { year: 7 } }]],
    '',
  ],
  [
    'a name whose value was forgotten takes nothing else with it',
    '<|tool_call>call:get_weather{city:,days:2}<tool_call|>',
    [['get_weather', { days: 2 }]],
    '',
  ],
  ['JSON in its place', '<|tool_call>call:get_weather{"city": "Oslo", "days": 2}<tool_call|>', [OSLO], ''],
  [
    'F10: a call in its thoughts is none',
    `<|channel>thought ${CALL}<channel|>ok`,
    [],
    `<|channel>thought ${CALL}<channel|>ok`,
  ],
])
