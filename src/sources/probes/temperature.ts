import { readdirSync, readFileSync } from 'node:fs'
import type { ByteScanner } from './byte-scanner.ts'
import type { LinuxWorld } from './linux-world.ts'
import type { Probe } from './probe.ts'
import { ProcFile } from './proc-file.ts'

const LOOK_EVERY_MS = 5_000
const SEARCH_EVERY_MS = 60_000
/** Drivers of hardware monitors that tell the processor's temperature, and which of their sensors is the package's. */
const DRIVERS: Readonly<Record<string, RegExp>> = {
  coretemp: /^Package id/, k10temp: /^Tdie|^Tctl/, zenpower: /^Tdie|^Tctl/, cpu_thermal: /./, 'cpu-thermal': /./, soc_thermal: /./, via_cputemp: /./,
}
/** Types of thermal zones, the better ones first. */
const ZONES = ['x86_pkg_temp', 'cpu-thermal', 'cpu_thermal', 'soc-thermal', 'soc_thermal', 'acpitz']

/** Temperature of the processor package, the hottest of several, from hwmon or a thermal zone. What was seen last stands until it is looked at again. */
export function temperatureProbe(world: LinuxWorld, scanner: ByteScanner): Probe {
  let sensors: readonly ProcFile[] = []
  let searchedAt = Number.NEGATIVE_INFINITY
  let lookedAt = Number.NEGATIVE_INFINITY
  let celsius = Number.NaN
  const close = (): void => sensors.forEach((sensor) => sensor.close())
  return {
    name: 'temperature',
    measure(writer) {
      const now = world.monotonicMs()
      // Where no sensor (any longer) tells anything, a driver may be loaded later.
      if (Number.isNaN(celsius) && now - searchedAt >= SEARCH_EVERY_MS) {
        searchedAt = now
        close()
        sensors = findSensors(world.sys).map((path) => new ProcFile(path))
      }
      if (sensors.length > 0 && now - lookedAt >= LOOK_EVERY_MS) {
        lookedAt = now
        celsius = hottest(sensors, scanner)
      }
      writer.set('cpu.temperature', celsius)
    },
    close,
  }
}

function hottest(sensors: readonly ProcFile[], scanner: ByteScanner): number {
  let most = Number.NaN
  for (const sensor of sensors) {
    const celsius = sensor.readNumber(scanner) / 1_000
    // Sensors without anything behind them tell -273 or 255 degrees.
    if (celsius > -60 && celsius < 200 && !(celsius <= most)) most = celsius
  }
  return most
}

function findSensors(sys: string): readonly string[] {
  const monitors = entriesOf(`${sys}/class/hwmon`).flatMap((folder) => {
    const label = DRIVERS[textOf(`${folder}/name`)]
    if (!label) return []
    const inputs = entriesOf(folder).filter((file) => /\/temp\d+_input$/.test(file))
    const named = inputs.filter((file) => label.test(textOf(file.replace(/input$/, 'label'))))
    return named.length > 0 ? named : inputs.slice(0, 1)
  })
  if (monitors.length > 0) return monitors
  const zones = entriesOf(`${sys}/class/thermal`).filter((folder) => /\/thermal_zone\d+$/.test(folder))
  const types = zones.map((folder) => textOf(`${folder}/type`))
  const best = ZONES.find((type) => types.includes(type))
  return zones.filter((_, index) => types[index] === best && best !== undefined).map((folder) => `${folder}/temp`)
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder).sort().map((name) => `${folder}/${name}`)
  } catch {
    return []
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return ''
  }
}
