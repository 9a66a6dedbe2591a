import { IMPROVEMENT_CATEGORIES, IMPROVEMENT_TARGET, improvementProgress, type Improvement } from '../analysis/compare/improvement.ts'
import { improvementSteps } from '../analysis/compare/improvement-steps.ts'
import type { Side } from '../analysis/shape/compare-shape.ts'
import { showQuantity, type Unit } from '../model/unit.ts'
import type { Addition } from './compare-additions.ts'

const titleOf = (category: string): string => IMPROVEMENT_CATEGORIES[category]?.title ?? category
const unitOf = (category: string): Unit => IMPROVEMENT_CATEGORIES[category]?.unit ?? 'count'

/** How far the guide's categories have come from one side to another: information, in the documented shape. */
export function progressAddition(base: Side, head: Side): Addition {
  const steps = improvementSteps(base.measured.series, head.measured.series)
  const progress = improvementProgress(steps)
  const { improvements, missing, averageImprovement, targetAchievement } = progress
  const timestamp = head.measured.takenAt === null ? null : new Date(head.measured.takenAt).toISOString()
  const figuresOf = (category: string): readonly string[] => steps.find((step) => step.category === category)?.figures ?? []
  return {
    data: { improvement: { ...progress, target: IMPROVEMENT_TARGET, since: base.measured.file, improvements: improvements.map((each) => ({ ...each, figures: figuresOf(each.category), timestamp })), recommendations: improvements.flatMap(recommendation) } },
    facts: improvements.length === 0 || targetAchievement === null ? [] : [{ label: `Towards ${IMPROVEMENT_TARGET}%`, value: { share: targetAchievement / 100, tone: 'ok' } }],
    tables: improvements.length === 0 ? [] : [{
      title: `Improvement since ${base.measured.file}${averageImprovement === null ? '' : `: ${showPercent(averageImprovement)} on average`}`,
      columns: [{ label: 'Category', isMain: true }, { label: 'Then', align: 'right' }, { label: 'Now', align: 'right' }, { label: 'Better by', align: 'right' }, { label: 'Target', align: 'right' }, { label: 'Taken from', isSpare: true }],
      rows: improvements.map(({ category, baseline, current, target, improvement: { percentageChange } }) => {
        const unit = unitOf(category)
        const [first = '', ...more] = figuresOf(category)
        return [
          titleOf(category), { value: baseline, unit }, { value: current, unit }, showPercent(percentageChange),
          target === null ? null : { text: `${IMPROVEMENT_CATEGORIES[category]?.better === 'higher' ? '>' : '<'} ${showQuantity({ value: target.value, unit })}${target.reached ? '' : ' not yet'}`, tone: target.reached ? 'ok' : 'warn' },
          more.length === 0 ? first : `${first} and ${more.length} more`,
        ]
      }),
    }],
    notes: [
      ...(improvements.length === 0 ? ['no progress can be told: none of its categories is measured on both sides'] : ['progress compares two numbers of each category: it is information and turns no verdict']),
      ...(missing.length === 0 ? [] : [`progress does not know ${missing.map((category) => titleOf(category).toLowerCase().replace('api', 'API')).join(', ')}: not measured on both sides`]),
    ],
  }
}

function recommendation({ category, current, target, improvement }: Improvement): string[] {
  const value = (number: number): string => showQuantity({ value: number, unit: unitOf(category) })
  return [
    ...(improvement.percentageChange < 0 ? [`${titleOf(category)} got worse by ${Number((-improvement.percentageChange).toPrecision(3))}%: find out with which change`] : []),
    ...(target === null || target.reached ? [] : [`${titleOf(category)} is ${value(current)}, and is to come to ${value(target.value)}`]),
  ]
}

function showPercent(percent: number): string {
  return `${percent > 0 ? '+' : ''}${Number(percent.toPrecision(3))}%`
}
