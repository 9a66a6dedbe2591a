import type { NetworkInterface } from '../../model/machine-look.ts'
import { plain } from '../../model/text.ts'
import type { Look } from '../look.ts'
import { outcomeOf, type Remark } from '../remark.ts'
import { unmeasured } from '../unmeasured.ts'

/** A machine full of containers has hundreds. */
const MOST_SHOWN = 50

/** Interfaces: those named must all be up, else one of the real ones. */
export const look: Look<'network'> = async (config, { world }) => {
  const machine = await world.machine()
  const { interfaces, failures } = machine
  if (failures.has('network') && interfaces.length === 0) return unmeasured(machine, 'network', 'the state of the interfaces')
  const named = config.interfaces === undefined ? undefined : [config.interfaces].flat()
  const real = interfaces.filter(({ isVirtual }) => !isVirtual)
  if (named === undefined && real.length === 0) return null
  const looked = named === undefined ? real : interfaces.filter(({ name }) => named.includes(name))
  const shown = [...new Set([...looked, ...real])].slice(0, MOST_SHOWN)
  const up = looked.filter(({ isUp }) => isUp)
  return outcomeOf({
    fine: [listed(up, 'up'), listed(real.filter((each) => !up.includes(each) && !each.isUp), 'down')].filter((text) => text !== '').join('; '),
    remarks: named?.map((name) => wrong(name, interfaces)) ?? [up.length > 0 ? null : { verdict: 'fail', text: `no interface is up: ${listed(real, 'down')}`, recommendation: recommendationFor(real[0]?.name ?? '') }],
    measures: shown.map(({ name, isUp }) => ({ name: 'up', of: name, value: isUp ? 1 : 0, unit: 'count', min: 0, max: 1 })),
    details: { interfaces: Object.fromEntries(shown.map(({ name, isUp }) => [plain(name), isUp ? 'up' : 'down'])) },
  })
}

function wrong(name: string, interfaces: readonly NetworkInterface[]): Remark | null {
  const found = interfaces.find((each) => each.name === name)
  if (found?.isUp === true) return null
  return { verdict: 'fail', text: `${plain(name)} is ${found ? 'down' : 'not there'}`, recommendation: found ? recommendationFor(name) : 'see which interfaces there are with: ip link' }
}

function recommendationFor(name: string): string {
  return `check the cable or the wireless network and the switch; switch it on with: ip link set ${plain(name)} up`
}

function listed(interfaces: readonly NetworkInterface[], state: string): string {
  return interfaces.length === 0 ? '' : `${interfaces.slice(0, MOST_SHOWN).map(({ name }) => plain(name)).join(', ')} ${state}`
}
