/** What the configuration guide says of routes, asked of the whole gateway. */
import { expect } from 'chai'
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'
import { createClosing } from '../support/close-all.ts'
import { startBackEnds } from './back-ends.ts'

const ALL = ['anthropic', 'openai', 'gemini', 'deepseek'].map((name) => ({ name }))

/** One token each. */
const words = (count: number) => ' a'.repeat(count)

/** What a message costs beside its text. */
const FRAME = 3

const LONG = { messages: [{ role: 'user', content: words(70_000) }] }

describe('routes of the guide', () => {
  const closing = createClosing()
  afterEach(() => closing.closeAll())

  const to = (provider: string, model: string, parameters?: object) => ({
    provider,
    model,
    ...(parameters === undefined ? {} : { parameters }),
  })

  const COMPLETE = {
    default: to('anthropic', 'claude-sonnet-4-20250720'),
    longContext: to('gemini', 'gemini-2.5-pro'),
    background: to('openai', 'gpt-4.1-mini'),
    think: to('deepseek', 'deepseek-reasoner'),
    'claude-opus-4': to('openai', 'gpt-4.1-turbo'),
    'claude-sonnet-4': to('gemini', 'gemini-2.5-flash'),
  }

  describe('A084, A082, A086: the complete example', () => {
    const ROWS = [
      ['A080: anything else', { model: 'claude-3-sonnet-20240229' }, 'anthropic/claude-sonnet-4-20250720'],
      ['A080: a name that nobody knows', { model: 'made-up' }, 'anthropic/claude-sonnet-4-20250720'],
      ['A070: a long request', { model: 'claude-3-sonnet-20240229', ...LONG }, 'gemini/gemini-2.5-pro'],
      ['A074: haiku 3.5', { model: 'claude-3-5-haiku-20241022' }, 'openai/gpt-4.1-mini'],
      ['A074: haiku 3.5 without a date', { model: 'claude-3-5-haiku' }, 'openai/gpt-4.1-mini'],
      ['A075: another haiku', { model: 'claude-3-haiku-20240307' }, 'anthropic/claude-sonnet-4-20250720'],
      ['A077: thinking as the guide writes it', { model: 'x', thinking: true }, 'deepseek/deepseek-reasoner'],
      [
        'A079, X20: thinking as the API writes it',
        { model: 'x', max_tokens: 4000, thinking: { type: 'enabled', budget_tokens: 2000 } },
        'deepseek/deepseek-reasoner',
      ],
      ['A078: no thinking', { model: 'x', thinking: false }, 'anthropic/claude-sonnet-4-20250720'],
      ['A067, A087: a direct route', { model: 'claude-opus-4' }, 'openai/gpt-4.1-turbo'],
      ['A067: the other direct route', { model: 'claude-sonnet-4' }, 'gemini/gemini-2.5-flash'],
      ['A068: no prefix of one', { model: 'claude-opus-4-20250720' }, 'anthropic/claude-sonnet-4-20250720'],
      ['A069: a direct route, long', { model: 'claude-opus-4', ...LONG }, 'openai/gpt-4.1-turbo'],
      ['A073: haiku, long', { model: 'claude-3-5-haiku', ...LONG }, 'gemini/gemini-2.5-pro'],
      ['A076: haiku, thinking', { model: 'claude-3-5-haiku', thinking: true }, 'openai/gpt-4.1-mini'],
      ['A063: provider,model', { model: 'anthropic,claude-3-opus' }, 'anthropic/claude-3-opus'],
      ['A066: provider,model, long and thinking', { model: 'openai,gpt-4', thinking: true, ...LONG }, 'openai/gpt-4'],
    ] as const
    for (const [title, body, expected] of ROWS) {
      it(`${title} goes to ${expected}, under that name alone`, async () => {
        const { ask } = await startBackEnds(closing, { providers: ALL, routes: COMPLETE })
        const { provider, model, status } = await ask(body)
        expect(`${provider}/${model}`).to.equal(expected)
        expect(status).to.equal(200)
      })
    }
  })

  it('A081: routes that are not configured fall through to the default', async () => {
    const { ask } = await startBackEnds(closing, { providers: ALL, routes: { default: to('openai', 'gpt-4') } })
    for (const body of [LONG, { model: 'claude-3-5-haiku' }, { thinking: true }]) {
      expect((await ask({ model: 'm', ...body })).model).to.equal('gpt-4')
    }
  })

  it('A079: the think route is sent the object as it came', async () => {
    const routes = { default: to('openai', 'x'), think: to('anthropic', 'claude-sonnet-4-5') }
    const { ask } = await startBackEnds(closing, { providers: ALL, routes })
    const thinking = { type: 'enabled', budget_tokens: 2000 }
    const { body } = await ask({ model: 'm', max_tokens: 4000, thinking })
    expect(body.thinking).to.deep.equal(thinking)
  })

  describe('the number of tokens', () => {
    const routes = { default: to('anthropic', 'short'), longContext: to('anthropic', 'long') }
    const route = async (body: object) => {
      const { ask } = await startBackEnds(closing, { providers: [{ name: 'anthropic' }], routes })
      return (await ask({ model: 'm', ...body })).model
    }
    const said = (count: number) => ({ messages: [{ role: 'user', content: words(count) }] })

    it('A070, A071: 60,000 is not long, one more is', async () => {
      expect(countTokens(words(60_000 - FRAME))).to.equal(60_000 - FRAME)
      expect(await route(said(60_000 - FRAME))).to.equal('short')
      expect(await route(said(60_001 - FRAME))).to.equal('long')
    })

    it('A072, X30: instructions and tools count as well', async () => {
      const tool = { name: 't', description: words(60_000), input_schema: { type: 'object' } }
      expect(await route({ system: words(60_000) })).to.equal('long')
      expect(await route({ system: [{ type: 'text', text: words(60_000) }] })).to.equal('long')
      expect(await route({ tools: [tool] })).to.equal('long')
    })

    it('X30: bytes of pictures are no text', async () => {
      const source = { type: 'base64', media_type: 'image/png', data: 'A'.repeat(400_000) }
      expect(await route({ messages: [{ role: 'user', content: [{ type: 'image', source }] }] })).to.equal('short')
    })

    it('E025: the threshold can be set', async () => {
      const options = { routing: { longContextThreshold: 150 + FRAME } }
      const { ask } = await startBackEnds(closing, { providers: [{ name: 'anthropic' }], routes }, options)
      expect((await ask({ model: 'm', ...said(150) })).model).to.equal('short')
      expect((await ask({ model: 'm', ...said(151) })).model).to.equal('long')
    })
  })

  describe('parameters of routes', () => {
    const sent = async (routes: object, body: object) => {
      const { ask } = await startBackEnds(closing, { providers: ALL, routes })
      const found = await ask(body)
      expect(found.status).to.equal(200)
      // The newer name of the limit, which OpenAI's own models want.
      const { max_completion_tokens: limit, ...rest } = found.body
      return { ...rest, ...(limit === undefined ? {} : { max_tokens: limit }) }
    }
    const routes = {
      default: to('openai', 'gpt-4', { temperature: 0.7 }),
      longContext: to('openai', 'gpt-4', { temperature: 0.5, max_tokens: 8000 }),
      background: to('openai', 'gpt-4', { temperature: 0.3, max_tokens: 1000 }),
      think: to('openai', 'gpt-4', { temperature: 0.1 }),
      'claude-opus-4': to('openai', 'gpt-4', { temperature: 0.8 }),
      creative: to('openai', 'gpt-4', { temperature: 1.5, top_p: 0.95 }),
      precise: to('openai', 'gpt-4', { temperature: 0.2, max_tokens: 2000 }),
    }
    /** Without a limit of its own: the route's then counts. */
    const open = { max_tokens: undefined }

    it('A095, A096, A104, A105: a direct route fills in its own', async () => {
      expect(await sent(routes, { model: 'claude-opus-4' })).to.deep.include({ temperature: 0.8 })
      expect(await sent(routes, { model: 'creative' })).to.deep.include({ temperature: 1.5, top_p: 0.95 })
      expect(await sent(routes, { model: 'precise', ...open })).to.deep.include({ temperature: 0.2, max_tokens: 2000 })
    })

    it('A097, A098, A099: so do those that act by what a request is', async () => {
      expect(await sent(routes, { model: 'm', ...open, ...LONG })).to.deep.include({
        temperature: 0.5,
        max_tokens: 8000,
      })
      expect(await sent(routes, { model: 'claude-3-5-haiku', ...open })).to.deep.include({
        temperature: 0.3,
        max_tokens: 1000,
      })
      expect(await sent(routes, { model: 'm', thinking: true })).to.deep.include({ temperature: 0.1 })
    })

    it('A065, A100: what the request says goes before them', async () => {
      expect(await sent(routes, { model: 'm', temperature: 0.9 })).to.deep.include({ temperature: 0.9 })
      expect(await sent(routes, { model: 'm', temperature: 0 })).to.deep.include({ temperature: 0 })
      expect(await sent(routes, { model: 'openai,gpt-4', temperature: 0.1 })).to.deep.include({ temperature: 0.1 })
    })

    it('A064: a provider that is named takes those of the default route', async () => {
      expect(await sent(routes, { model: 'openai,gpt-4' })).to.deep.include({ temperature: 0.7 })
    })

    it('A106: in the words of the provider', async () => {
      const { ask } = await startBackEnds(closing, {
        providers: ALL,
        routes: { default: to('gemini', 'gemini-2.5-pro', { temperature: 0.5, max_tokens: 8000 }) },
      })
      const { body } = await ask({ model: 'm', ...open })
      expect(body.generationConfig).to.deep.include({ temperature: 0.5, maxOutputTokens: 8000 })
    })

    it('A107: what a provider does not take is brought within its limits, and told', async () => {
      const { gateway, fakes } = await startBackEnds(closing, {
        providers: ALL,
        routes: { default: to('anthropic', 'claude-sonnet-4-5', { temperature: 1.5 }) },
      })
      const response = await fetch(`${gateway.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'hi' }] }),
      })
      expect(response.status).to.equal(200)
      await response.text()
      expect(fakes['anthropic']?.requests[0]?.json.temperature).to.equal(1)
      expect(response.headers.get('x-interlingua-loss')).to.contain('settings.temperature=changed')
    })

    it('A108: the flow of the example: the request’s temperature, the route’s limit', async () => {
      const example = { default: to('openai', 'gpt-4', { temperature: 0.7, max_tokens: 2000 }) }
      expect(await sent(example, { model: 'm', temperature: 0.9, ...open })).to.deep.include({
        temperature: 0.9,
        max_tokens: 2000,
      })
    })
  })

  describe('the shorter examples', () => {
    it('A092: one provider', async () => {
      const { ask } = await startBackEnds(closing, {
        providers: [{ name: 'anthropic' }],
        routes: { default: to('anthropic', 'claude-3-sonnet-20240229') },
      })
      expect(await ask({ model: 'claude-3-opus-20240229' })).to.deep.include({ model: 'claude-3-sonnet-20240229' })
    })

    it('A093: several, by what a request is', async () => {
      const { ask } = await startBackEnds(closing, {
        providers: ALL,
        routes: {
          default: to('anthropic', 'claude-3-sonnet-20240229'),
          longContext: to('anthropic', 'claude-3-opus-20240229'),
          background: to('openai', 'gpt-3.5-turbo'),
        },
      })
      expect((await ask({ model: 'claude-3-5-haiku-20241022' })).model).to.equal('gpt-3.5-turbo')
      expect((await ask({ model: 'm', ...LONG })).model).to.equal('claude-3-opus-20240229')
    })

    it('A094, A061: other models under the names of Anthropic', async () => {
      const { ask } = await startBackEnds(closing, {
        providers: ALL,
        routes: {
          'claude-3-opus-20240229': to('openai', 'gpt-4'),
          'claude-3-5-sonnet-20241022': to('deepseek', 'deepseek-chat'),
          default: to('anthropic', 'claude-3-sonnet-20240229'),
        },
      })
      expect(await ask({ model: 'claude-3-opus-20240229' })).to.deep.include({ provider: 'openai', model: 'gpt-4' })
      expect(await ask({ model: 'claude-3-5-sonnet-20241022' })).to.deep.include({
        provider: 'deepseek',
        model: 'deepseek-chat',
      })
    })

    it('A062: a route may lead to a model that its provider does not list', async () => {
      const { ask } = await startBackEnds(closing, {
        providers: [{ name: 'openai', models: ['b', 'a'] }],
        routes: { default: to('openai', 'not-listed') },
      })
      expect((await ask({ model: 'm' })).model).to.equal('not-listed')
    })

    it('A088, A089: conditions of a route change nothing', async () => {
      const odd = { ...to('openai', 'gpt-4'), conditions: [{ type: 'tokens', operator: '>', value: '1' }] }
      const { ask } = await startBackEnds(closing, {
        providers: ALL,
        routes: { default: to('anthropic', 'claude-x'), never: odd },
      })
      expect((await ask({ model: 'm' })).model).to.equal('claude-x')
    })

    it('A090, X14: a route for a name that Anthropic has not disturbs nobody', async () => {
      const { ask } = await startBackEnds(closing, {
        providers: ALL,
        routes: { default: to('anthropic', 'claude-x'), 'gpt-4': to('openai', 'gpt-4') },
      })
      expect((await ask({ model: 'claude-3-opus-20240229' })).provider).to.equal('anthropic')
      expect((await ask({ model: 'gpt-4' })).provider).to.equal('openai')
    })
  })

  it('A211, X10: a model that nothing serves is not found, and the nearest known is named', async () => {
    const { ask } = await startBackEnds(closing, {
      providers: [{ name: 'openai', models: ['gpt-4o'] }],
      groups: { team: { aliases: { 'fast-model': 'openai/gpt-4o' } } },
    })
    const { status, reply } = await ask({ model: 'fast-modle' }, '/team/v1/messages')
    expect(status).to.equal(404)
    expect(reply.error).to.include({ type: 'not_found_error' })
    expect(reply.error.message).to.contain('Did you mean "fast-model"?')
  })
})
