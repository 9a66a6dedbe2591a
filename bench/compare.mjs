// How often the rules of a comparison are right: `npm run bench:compare -- --help`.
import { readFile, writeFile } from 'node:fs/promises'
import { build } from 'esbuild'
import { runBench, text } from './run.mjs'
import { fixed, median, table } from './table.mjs'

const HELP = `Usage: npm run bench:compare -- [options]

Draws comparisons from real runs of one noisy machine (test/fixtures/noise/session1.json: 30 + 30 interleaved runs of 3 s, path b does 10 % more work) and
counts what each rule says of them: of two equal builds, and of one that is slower. Seeded: the same figures every time. Nothing is measured, no load is sent.
Fails when the paired rule misses what it promises: at most 5 % false alarms, +10 % on p50 found in 90 % within 30 pairs.

Options:
  --draws <n>      comparisons of each kind (default: 2000)
  --seed <n>       (default: 1)
  --write <file>   put the table between <!-- generated:bench-compare --> and <!-- /generated --> of a file
  --help           print this help
`
const MARKS = /(<!-- generated:bench-compare -->\n)[^]*?(<!-- \/generated -->)/
const RUN_SECONDS = 3
const SESSION = new URL('../test/fixtures/noise/session1.json', import.meta.url)
const PAIRED = 'paired, looks at 8, 16 and 30 pairs, p50'
const MUST = { falseAlarms: 0.05, found: 0.9 }

await runBench(HELP, { draws: text('2000'), seed: text('1'), write: { type: 'string' } }, bench)

/** The product's own rules, as they are in src. */
async function loadRules() {
  const contents = ['decide', 'paired', 'hodges-lehmann', 'random'].map((name) => `export * from './${name}.ts'`).join('\n')
  const resolveDir = new URL('../src/analysis/compare', import.meta.url).pathname
  const { outputFiles } = await build({ stdin: { contents, resolveDir, loader: 'ts' }, bundle: true, write: false, format: 'esm', platform: 'node' })
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`)
}

async function bench(flags) {
  const document = flags.write === undefined ? '' : await readFile(flags.write, 'utf8')
  if (flags.write !== undefined && !MARKS.test(document)) throw new Error(`${flags.write} has no <!-- generated:bench-compare --> ... <!-- /generated -->`)
  const [draws, seed] = [Number(flags.draws), Number(flags.seed)]
  if (!(draws >= 100) || !Number.isInteger(seed)) throw new Error('--draws must be a number from 100, --seed a whole number')
  const rules = await loadRules()
  const session = JSON.parse(await readFile(SESSION, 'utf8'))
  const [a, b] = ['a', 'b'].map((path) => session.filter((run) => run.path === path))
  const contenders = contendersOf(rules, a, b)

  const rows = []
  for (const { name, seconds, judge, noise, asMeasured } of contenders) {
    // Each contender has its own stream, so that adding one does not change the others.
    const random = rules.randomStream(seed + 1_000 * rows.length)
    const count = (draw) => {
      const seen = { regressed: 0, units: 0 }
      for (let nth = 0; nth < draws; nth++) {
        const { verdict, units } = judge(draw())
        if (verdict === 'regressed') seen.regressed++
        seen.units += units
      }
      return { share: seen.regressed / draws, units: seen.units / draws }
    }
    const [none, ten, twenty] = [1, 1.1, 1.2].map((factor) => count(() => noise(random, factor)))
    const measured = asMeasured ? count(() => asMeasured(random)) : { share: Number.NaN }
    rows.push({ name, seconds, none, ten, twenty, measured })
  }

  const percent = (share) => (Number.isNaN(share) ? '' : `${fixed(share * 100, 1)} %`)
  const time = ({ seconds, none, ten }) => [none, ten].map(({ units }) => `${fixed(seconds * units)} s`)
  const shown = table(
    ['rule', 'time a side, equal builds', 'time a side, +10 %', 'false alarms', 'finds +10 %', 'finds +20 %', 'finds b as it was'],
    rows.map((row) => [row.name, ...time(row), percent(row.none.share), percent(row.ten.share), percent(row.twenty.share), percent(row.measured.share)]),
  )
  const p50 = rules.walshCentre(a.map((run, nth) => Math.log(b[nth].p50 / run.p50)), 0.02)
  const change = (log) => `${fixed(Math.expm1(log) * 100, 1)} %`
  const told = [
    `${fixed(draws)} comparisons of each kind, seed ${seed}. In this session b's p50 was ${change(p50.estimate)} above a's (98 % interval: ${change(p50.interval.low)} to ${change(p50.interval.high)}).`,
    shown,
  ].join('\n\n')
  if (flags.write === undefined) process.stdout.write(`${told}\n`)
  else await writeFile(flags.write, document.replace(MARKS, (_, open, close) => `${open}\n${told}\n\n${close}`))

  const { none, ten } = rows.find(({ name }) => name === PAIRED)
  if (none.share > MUST.falseAlarms || ten.share < MUST.found) throw new Error(`the paired rule promises at most 5 % false alarms and 90 % of +10 %; it has ${percent(none.share)} and ${percent(ten.share)}`)
}

function contendersOf(rules, a, b) {
  const pick = (values, random) => values[Math.floor(random() * values.length)]
  const many = (n, values, random) => Array.from({ length: n }, () => pick(values, random))
  /** Two sides of n runs each: of a against a that is slower by a factor, and of a against b. */
  const sides = (n, key) => {
    const [x, y] = [a.map((run) => run[key]), b.map((run) => run[key])]
    return {
      noise: (random, factor) => ({ base: many(n, x, random), head: many(n, x, random).map((value) => value * factor) }),
      asMeasured: (random) => ({ base: many(n, x, random), head: many(n, y, random) }),
    }
  }
  /** The rule of most tools: one number against another. */
  const naive = ({ base, head }) => {
    return { verdict: median(head) > median(base) * 1.2 ? 'regressed' : 'unchanged', units: head.length }
  }
  const series = (values) => ({ metric: 'http.duration', statistic: null, of: '', unit: 'ms', better: 'lower', class: 'sampled', values })
  const files = ({ base, head }) => {
    return { verdict: rules.decide(series(base), series(head)).verdict, units: head.length }
  }
  const paired = (next) => {
    let state = rules.startPairs({ better: 'lower' })
    while (!state.settled) state = rules.addPair(state, { base: 1, head: next() })
    return { verdict: state.settled.verdict, units: state.pairs.length }
  }
  /**
   * Ratios of pairs. Which run of a pair is called base is arbitrary when nothing changed, so the noise is the session's ratios
   * around their middle, with a random sign; a true change multiplies it.
   */
  const ratios = (logs) => {
    const middle = rules.walshCentre(logs, 0.02).estimate
    return (random, factor) => () => factor * Math.exp((random() < 0.5 ? -1 : 1) * (pick(logs, random) - middle))
  }
  const pairs = (key) => {
    const logs = a.map((run, nth) => Math.log(b[nth][key] / run[key]))
    return { noise: ratios(logs), asMeasured: (random) => () => Math.exp(pick(logs, random)) }
  }
  /** In the order A B B A two runs of a are neighbours, every second time. */
  const neighbours = (key) => {
    const logs = a.flatMap((run, nth) => (nth % 2 === 1 && a[nth + 1] ? [Math.log(a[nth + 1][key] / run[key])] : []))
    return { noise: ratios(logs) }
  }
  return [
    { name: 'p95 more than 20 % up, one run each', seconds: RUN_SECONDS, judge: naive, ...sides(1, 'p95') },
    { name: 'p95 more than 20 % up, median of 5', seconds: RUN_SECONDS, judge: naive, ...sides(5, 'p95') },
    { name: 'files, 20 runs a side, p95', seconds: RUN_SECONDS, judge: files, ...sides(20, 'p95') },
    { name: 'files, 20 runs a side, p50', seconds: RUN_SECONDS, judge: files, ...sides(20, 'p50') },
    { name: 'paired, looks at 8, 16 and 30 pairs, p95', seconds: RUN_SECONDS, judge: paired, ...pairs('p95') },
    { name: PAIRED, seconds: RUN_SECONDS, judge: paired, ...pairs('p50') },
    { name: 'the same, noise of neighbouring runs of a', seconds: RUN_SECONDS, judge: paired, ...neighbours('p50') },
  ]
}
