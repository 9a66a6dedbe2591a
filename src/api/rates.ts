import type { MetricName } from '../model/metric.ts'
import type { Samples } from '../model/snapshot.ts'

type Counters = readonly MetricName[]

/** Rates, the counters each comes from, and what a unit of the counter is in a unit of the rate. */
const RATES: readonly (readonly [rate: MetricName, counters: Counters, scale: number])[] = [
  ['network.receive.rate', ['network.received'], 1],
  ['network.send.rate', ['network.sent'], 1],
  ['network.receive.packets.rate', ['network.received.packets'], 1],
  ['network.send.packets.rate', ['network.sent.packets'], 1],
  ['network.errors.rate', ['network.receive.errors', 'network.send.errors'], 1],
  ['network.drops.rate', ['network.receive.drops', 'network.send.drops'], 1],
  ['disk.reads.rate', ['disk.reads'], 1],
  ['disk.writes.rate', ['disk.writes'], 1],
  ['disk.read.rate', ['disk.read'], 1],
  ['disk.write.rate', ['disk.written'], 1],
  ['instance.cpu', ['instance.cpu.time'], 0.001],
]

/** Adds the rates between two full answers of an instance that tells only sums. What it tells itself stays; a sum that went back gives no rate. */
export function withRates(before: Samples | null, now: Samples, elapsedMs: number): Samples {
  if (!before || !(elapsedMs > 0)) return now
  const samples = new Map<MetricName, ReadonlyMap<string, number>>(now)
  for (const [rate, counters, scale] of RATES) {
    const rates = new Map<string, number>()
    for (const tag of now.get(counters[0] ?? rate)?.keys() ?? []) {
      const grown = counters.reduce((sum, counter) => sum + growth(before, now, counter, tag), 0)
      if (grown >= 0) rates.set(tag, (grown / (elapsedMs / 1_000)) * scale)
    }
    for (const [tag, told] of now.get(rate) ?? []) rates.set(tag, told)
    if (rates.size > 0) samples.set(rate, rates)
  }
  return samples
}

function growth(before: Samples, now: Samples, counter: MetricName, tag: string): number {
  const grown = (now.get(counter)?.get(tag) ?? Number.NaN) - (before.get(counter)?.get(tag) ?? Number.NaN)
  return grown >= 0 ? grown : Number.NaN
}
