import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { type Product, startProduct } from '../product.js'
import { tellCall } from './call-story.js'
import { createNarrator } from './narrator.js'

/** The whole demo, start and end of the server included. */
const demoMs = 30_000
const mediaWithinMs = 10_000
const mediaWithinMsWhenDropped = 3_000

const usage = `Usage: npm run demo -- [--stay] [--json] [--drop-candidates]

Starts the server in an empty directory, registers two people, lets them call each other over WebRTC, and ends it all.

  --stay             leaves the server running, for you to try the phone as one of the two
  --api, --signal    the addresses of a running server without accounts, to call through that one instead
  --json             one JSON object a line
  --drop-candidates  loses every ICE candidate on the way: the demo must fail
`

const { values: flags } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    stay: { type: 'boolean', default: false },
    api: { type: 'string' },
    signal: { type: 'string' },
    'drop-candidates': { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
})

type Served = Pick<Product, 'api' | 'signal'>

/** The server that the flags name; undefined: one of our own. */
function running(): Served | undefined {
  const { api, signal } = flags
  if (api === undefined && signal === undefined) return undefined
  if (api === undefined || signal === undefined || flags.stay)
    throw new Error('--api and --signal go together, and without --stay')
  return { api, signal }
}

/** The same two people, in a browser. */
async function phoneAt({ api }: Served): Promise<string> {
  const page = await fetch(api)
  const isPhone = (await page.text()).includes('/app.js')
  if (!page.ok || !isPhone) throw new Error(`the phone is not at ${api}`)
  return `${api}  the phone, in a browser`
}

async function demo(): Promise<number> {
  const narrator = createNarrator(process.stdout, flags.json)
  const closing: (() => Promise<unknown>)[] = []
  let product: Product | undefined
  let fail = (_: Error) => {}
  const failure = new Promise<never>((_, reject) => {
    fail = reject
  })
  const timer = setTimeout(() => fail(new Error(`it took longer than ${demoMs / 1000} s`)), demoMs)
  const interrupted = () => fail(new Error('interrupted'))
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted)

  async function stay({ api }: Served) {
    clearTimeout(timer)
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted)
    narrator.say(`
Open ${api} in two windows, one of them private: ada@domain.yup and ben@domain.yup, password SuperSecure.
Ctrl-C ends it.`)
    await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  }

  const story = async () => {
    narrator.say('Two people, one call, and nothing but the messages of the protocol.\n')
    let server = running()
    if (!server) {
      narrator.step('server', 'starts', 'an empty directory, free ports')
      product = await startProduct({ env: { RATE_LIMITS: 'on' } })
      server = product
    }
    narrator.step('server', 'is ready', `${server.api}  ${server.signal}`)
    const facts = await tellCall({
      product: server,
      narrator,
      fail,
      dropCandidates: flags['drop-candidates'],
      mediaWithinMs: flags['drop-candidates'] ? mediaWithinMsWhenDropped : mediaWithinMs,
      own: closes => void closing.push(closes),
    })
    for (const close of closing.splice(0)) await close()
    narrator.step('phone', 'GET /', await phoneAt(server))
    if (flags.stay) await stay(server)
    if (product) {
      const took = await product.stop()
      narrator.step('server', 'has stopped', `exit 0, ${took.toFixed(0)} ms after SIGTERM`)
    }
    return facts
  }
  try {
    const facts = await Promise.race([story(), failure])
    narrator.succeeded(
      facts,
      `They talked: media ${facts.setup_ms} ms after the call, data and audio both ways, and the history knows.`,
    )
    return 0
  } catch (error) {
    narrator.failed(error instanceof Error ? error.message : String(error))
    return 1
  } finally {
    clearTimeout(timer)
    for (const close of closing) await close().catch(() => undefined)
    await product?.dispose()
  }
}

if (flags.help) process.stdout.write(usage)
else {
  const code = await demo()
  // The peers' timers would keep the process a while; nothing is left to wait for but what is being printed.
  process.stdout.write('', () => process.exit(code))
}
