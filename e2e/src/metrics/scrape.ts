import type { Product } from '../product.js'

export interface Series {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** One look at a server's metrics. */
export interface Scrape {
  readonly text: string
  readonly contentType: string
  readonly series: readonly Series[]
  /** The sum of the series of this name that have these labels; a histogram's is its `_count`. */
  sum(name: string, labels?: Readonly<Record<string, string>>): number
}

const prometheusAccepts =
  'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1'

/** As Prometheus asks, or as somebody does who reads plain text. */
export async function scrape(
  product: Pick<Product, 'admin'>,
  as: 'prometheus' | 'reader' = 'reader',
): Promise<Scrape> {
  const headers = as === 'prometheus' ? { accept: prometheusAccepts } : {}
  const response = await fetch(`${product.admin}/metrics`, { headers })
  if (response.status !== 200) throw new Error(`no metrics: ${response.status}`)
  const text = await response.text()
  const series = text.split('\n').flatMap(readLine)
  return {
    text,
    contentType: response.headers.get('content-type') ?? '',
    series,
    sum: (name, labels = {}) =>
      series
        .filter(each => each.name === name)
        .filter(each => Object.entries(labels).every(([label, value]) => each.labels[label] === value))
        .reduce((sum, { value }) => sum + value, 0),
  }
}

/** Looks until it passes; what it looks for is on its way. */
export async function scrapeUntil(
  product: Pick<Product, 'admin'>,
  what: string,
  passes: (scrape: Scrape) => boolean,
): Promise<Scrape> {
  const deadline = Date.now() + 15_000
  for (;;) {
    const scraped = await scrape(product)
    if (passes(scraped)) return scraped
    if (Date.now() > deadline) throw new Error(`awaited ${what}:\n${scraped.text}`)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

function readLine(line: string): Series[] {
  const [, name, labels = '', value] = /^([a-z_][a-z0-9_]*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? []
  if (name === undefined) return []
  const pairs = [...labels.matchAll(/([a-z]+)="([^"]*)"/g)].map(([, key = '', text = '']) => [key, text])
  return [{ name, labels: Object.fromEntries(pairs), value: Number(value?.replace('+Inf', 'Infinity')) }]
}
