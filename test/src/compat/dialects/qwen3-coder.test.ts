import { describeDialect, OSLO, PING } from './describe-dialect.ts'

const CALL =
  '<function=get_weather>\n<parameter=city>\nOslo\n</parameter>\n<parameter=days>\n2\n</parameter>\n</function>'

describeDialect('qwen3-coder', [
  ['values are typed by the schema', `<tool_call>\n${CALL}\n</tool_call>`, [OSLO], ''],
  ['F1: the outer tag may be missing at either end', `Go.\n${CALL}\n</tool_call>`, [OSLO], 'Go.'],
  ['B1: the end of the call that the end of the answer cut', `<tool_call>\n${CALL.slice(0, -5)}`, [OSLO], ''],
  [
    'what it cut otherwise is data',
    '<function=search>\n<parameter=query>\na </parameter>\n<param',
    [['search', { query: 'a </parameter>\n<param' }]],
    '',
  ],
  [
    'a bracket that was forgotten is added',
    '<tool_call>\n<function=get_weather\n<parameter=city\nOslo\n</parameter>\n<parameter=days>2</parameter>\n</function>\n</tool_call>',
    [OSLO],
    '',
  ],
  [
    'F6: a closing tag counts only where a legal tag or the end follows',
    '<tool_call><function=write_file><parameter=path>a</parameter><parameter=content>say </parameter> and </function> here</parameter></function></tool_call>',
    [['write_file', { path: 'a', content: 'say </parameter> and </function> here' }]],
    '',
  ],
  [
    'exactly one line break at each end belongs to the format',
    '<tool_call><function=write_file><parameter=content>\n\n  x\n\n</parameter></function></tool_call>',
    [['write_file', { content: '\n  x\n' }]],
    '',
  ],
  [
    'entities are data',
    '<tool_call><function=write_file><parameter=content>a &amp;&amp; b</parameter></function></tool_call>',
    [['write_file', { content: 'a &amp;&amp; b' }]],
    '',
  ],
  [
    'a missing closing tag is made up for by the next parameter',
    '<tool_call><function=get_weather><parameter=city>\nOslo\n<parameter=days>\n2\n</parameter></function></tool_call>',
    [OSLO],
    '',
  ],
  [
    'an opening tag of an unknown parameter is data',
    '<tool_call><function=write_file><parameter=content>a <parameter=x>b</parameter></function></tool_call>',
    [['write_file', { content: 'a <parameter=x>b' }]],
    '',
  ],
  [
    'null where the schema allows it, text where it does not parse',
    '<function=search><parameter=query>null</parameter><parameter=limit>null</parameter><parameter=tags>soon</parameter></function>',
    [['search', { query: 'null', limit: null, tags: 'soon' }]],
    '',
  ],
  [
    'one parameter that the tool does not have holds all arguments',
    '<function=get_weather><parameter=arguments>{"city": "Oslo", "days": 2}</parameter></function>',
    [OSLO],
    '',
  ],
  ['JSON in the function tag', '<function=get_weather>{"city": "Oslo", "days": 2}</function>', [OSLO], ''],
  ['a function tag in prose is text', 'Write <function=ping> to call.', [], 'Write <function=ping> to call.'],
  [
    'two functions in one block',
    '<tool_call><function=ping></function><function=ping></function></tool_call>',
    [PING, PING],
    '',
  ],
  [
    'a closing tag that was meant for the value ends it',
    ['parameters', 'parameter_city', 'city', 'CITY', 'param']
      .map(
        (end) =>
          `<function=get_weather>\n<parameter=city>\nOslo\n</${end}>\n<parameter=days>\n2\n</parameter>\n</function>`,
      )
      .join('\n'),
    [OSLO, OSLO, OSLO, OSLO, OSLO],
    '',
  ],
  [
    'but not where the right one stands behind it',
    '<function=write_file>\n<parameter=path>\n</parameter\n</parameter>\n<parameter=content>\na </content>\n</parameters>\n</parameter>\n</function>',
    [['write_file', { path: '</parameter', content: 'a </content>\n</parameters>' }]],
    '',
  ],
  [
    'a call of another form is data inside a value',
    '<function=write_file>\n<parameter=content>\nwrite <invoke name="ping">\n<parameter name="x">1</parameter>\n</invoke>\n</function_calls>\nhere\n</parameter>\n</function>',
    [
      [
        'write_file',
        {
          content: 'write <invoke name="ping">\n<parameter name="x">1</parameter>\n</invoke>\n</function_calls>\nhere',
        },
      ],
    ],
    '',
  ],
  [
    'its closing tags are forgiven',
    '<function=get_weather>\n<parameter=city>\nOslo\n</parameter>\n<parameter=days>\n2\n</parameter>\n</invoke>\n</function_calls>',
    [OSLO],
    '',
  ],
  [
    'a bracket that was forgotten at the end of a tag, before the next one',
    '<function=get_weather><parameter=city>\nOslo\n</parameter\n<parameter=days>2</parameter</function</tool_call>',
    [OSLO],
    '',
  ],
  [
    'space around the equals sign',
    '<function = get_weather >\n<parameter = city>\nOslo\n</ parameter >\n<parameter =days>\n2\n</parameter>\n</function>',
    [OSLO],
    '',
  ],
  [
    'the closing tag of a wrapper closes it behind text, too, and once',
    '<tool_call>\n<function=ping>\n</function>\nI wait.\n</tool_call>\nThe end of a call is </tool_call>.',
    [PING],
    'I wait.\n\nThe end of a call is </tool_call>.',
  ],
])
