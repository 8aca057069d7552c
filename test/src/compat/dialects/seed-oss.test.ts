import { describeDialect, OSLO, PING } from './describe-dialect.ts'

const CALL =
  '<seed:tool_call>\n<function=get_weather>\n<parameter=city>Oslo</parameter>\n<parameter=days>2</parameter>\n</function>\n</seed:tool_call>'

describeDialect('seed-oss', [
  ['a call in its own tags', `A\n${CALL}\nB`, [OSLO], 'A\n\nB'],
  [
    'F10: a call in its reasoning is none',
    `<seed:think>${CALL}</seed:think>No.`,
    [],
    `<seed:think>${CALL}</seed:think>No.`,
  ],
  ['the end token is no text', '<seed:tool_call><function=ping></function></seed:tool_call><seed:eos>', [PING], ''],
  [
    'literals of Python',
    "<seed:tool_call><function=search><parameter=tags>['a', \"b\"]</parameter><parameter=filters>{'year': '7'}</parameter></function></seed:tool_call>",
    [['search', { tags: ['a', 'b'], filters: { year: 7 } }]],
    '',
  ],
])
