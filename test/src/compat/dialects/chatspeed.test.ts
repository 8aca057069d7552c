import { describeDialect, OSLO, PING } from './describe-dialect.ts'

const CALL =
  '<cs:tool_use>\n<name>get_weather</name>\n<args>\n<arg name="city" type="string">Oslo</arg>\n<arg name="days" type="integer">2</arg>\n</args>\n</cs:tool_use>'

describeDialect('chatspeed', [
  ['a call', `A\n${CALL}`, [OSLO], 'A'],
  [
    'values are decoded once',
    '<cs:tool_use><name>write_file</name><args><arg name="content">&lt;p&gt; &amp;lt; &#65;</arg></args></cs:tool_use>',
    [['write_file', { content: '<p> &lt; A' }]],
    '',
  ],
  [
    'F6: its closing tags inside a value are data',
    '<cs:tool_use><name>write_file</name><args><arg name="content">say </arg> and </cs:tool_use> here</arg></args></cs:tool_use>',
    [['write_file', { content: 'say </arg> and </cs:tool_use> here' }]],
    '',
  ],
  [
    'an argument that nobody closed is kept',
    '<cs:tool_use><name>get_weather</name><args><arg name="days" type="integer">2</arg><arg name="city">Oslo</args></cs:tool_use>',
    [OSLO],
    '',
  ],
  [
    'tags named after parameters',
    '<cs:tool_use><name>get_weather</name><args><city>Oslo</city><days>2</days></args></cs:tool_use>',
    [OSLO],
    '',
  ],
  [
    'tags named after parameters that are called like its own, in any case',
    '<cs:tool_use><name>tag</name><args><param>a</param><Name>b</Name></args></cs:tool_use>',
    [['tag', { param: 'a', name: 'b' }]],
    '',
  ],
  [
    'what begins and ends as CDATA, but is more than one section, is no section',
    '<cs:tool_use><name>write_file</name><args><arg name="path"><![CDATA[a]]></arg><arg name="content"><![CDATA[a]]> <![CDATA[b]]></arg></args></cs:tool_use>',
    [['write_file', { path: 'a', content: '<![CDATA[a]]> <![CDATA[b]]>' }]],
    '',
  ],
  ['an id in the call is no argument', '<cs:tool_use><id>7</id><name>ping</name></cs:tool_use>', [PING], ''],
  [
    'JSON in its tags',
    '<cs:tool_use>{"name": "ping"}</cs:tool_use><cs:tool_use><name>get_weather</name><args>{"city": "Oslo", "days": 2}</args></cs:tool_use>',
    [PING, OSLO],
    '',
  ],
  ['its tag in prose is text', 'Use the <cs:tool_use> tag.', [], 'Use the <cs:tool_use> tag.'],
  ['a wrong closing tag', '<cs:tool_use><name>ping</name><args></args></tool_use>\nDone.', [PING], 'Done.'],
  [
    'wrong closing tags of the name and of the arguments',
    CALL.replace('</name>', '</names>').replace('</args>', '</argss>'),
    [OSLO],
    '',
  ],
  [
    'without a schema everything is text, whatever is said of its type',
    '<cs:tool_use><name>unknown</name><args><arg name="a" type="integer">1</arg><arg name="b" type="array">[2]</arg></args></cs:tool_use>',
    [['unknown', { a: '1', b: '[2]' }]],
    '',
  ],
])
