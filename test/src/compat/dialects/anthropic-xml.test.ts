import { describeDialect, OSLO, PING } from './describe-dialect.ts'

const CALL =
  '<invoke name="get_weather">\n<parameter name="city">Oslo</parameter>\n<parameter name="days">2</parameter>\n</invoke>'

describeDialect('anthropic-xml', [
  ['calls in their wrapper', `<function_calls>\n${CALL}\n<invoke name="ping"/>\n</function_calls>`, [OSLO, PING], ''],
  [
    'tags may have a namespace',
    `<x:function_calls>${CALL.replaceAll('<', '<x:').replaceAll('<x:/', '</x:')}</x:function_calls>`,
    [OSLO],
    '',
  ],
  ['the wrapper may be missing', `Go. ${CALL}`, [OSLO], 'Go.'],
  [
    'F8: entities are decoded where nothing is raw',
    '<invoke name="write_file"><parameter name="content">1 &lt; 2 &amp;&amp; x</parameter></invoke>',
    [['write_file', { content: '1 < 2 && x' }]],
    '',
  ],
  [
    'F8: entities are data beside what nobody escaped',
    '<invoke name="write_file"><parameter name="content">a && b &lt; c</parameter></invoke>',
    [['write_file', { content: 'a && b &lt; c' }]],
    '',
  ],
  [
    'CDATA is unwrapped',
    '<invoke name="write_file"><parameter name="content"><![CDATA[<b>&amp;</b>]]></parameter></invoke>',
    [['write_file', { content: '<b>&amp;</b>' }]],
    '',
  ],
  ['an invoke without a name is text', 'See <invoke/> and <invoked>.', [], 'See <invoke/> and <invoked>.'],
  [
    'an invented result is cut',
    `<function_calls>${CALL}</function_calls><function_results>1</function_results>x`,
    [OSLO],
    '',
  ],
  [
    'a wrapper closed by a wrong tag',
    '<function_calls>\n<invoke name="ping">\n</invoke>\n<invoke name="ping"></invoke></functions_calls>\nDone. </b>',
    [PING, PING],
    'Done. </b>',
  ],
  [
    'brackets that were forgotten behind attributes',
    '<invoke name="get_weather"\n<parameter name="city"<parameter name="days">2</parameter></invoke>',
    [['get_weather', { city: '', days: 2 }]],
    '',
  ],
  [
    'a call closed by a tag that is called almost like its own',
    `${CALL.replace('</invoke>', '</invokes>')}\nDone.`,
    [OSLO],
    'Done.',
  ],
  ['space behind the slash of a closing tag', `${CALL}</  function_calls>\nDone.`, [OSLO], 'Done.'],
])
