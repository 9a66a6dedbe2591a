import { basename, join } from 'node:path'
import { fittingName, folderOf } from '../baselines/branch-folder.ts'
import { partialRun } from '../baselines/errors.ts'
import { beyond } from '../baselines/groups.ts'
import { draft, groupFolder, isSampled, type Draft } from '../baselines/kept-baseline.ts'
import { keep, readShelf, remove } from '../baselines/shelf.ts'
import { report, type Report } from '../model/report.ts'
import { plain, plural } from '../model/text.ts'
import { VERSION } from '../version.ts'
import { baselineFolder, builtBranch, shownPath, tellStrays } from './baseline-place.ts'
import { usage, type BaselineContext } from './baseline-run.ts'
import { showCommit, showEnvironment, subjectOf } from './baseline-shape.ts'
import { readSources } from './compare-side.ts'

const USUALLY_KEPT = 20

/** `baseline save FILE...`: keeps each file's run, and of the rolling ones the newest. Nothing is kept unless all can be read. */
export async function saveBaseline({ host, config, arguments: files, flags }: BaselineContext): Promise<Report> {
  const startedAt = host.wallTime()
  if (files.length === 0) throw usage('baseline save needs the files to keep', 'medianest-perf baseline save run.json --branch main')
  const folder = baselineFolder(host, config, flags.dir)
  const { branch, commit } = await builtBranch(host, flags.branch)
  const kind = flags.frozen ? 'frozen' : 'rolling'
  const list = await readSources(host, files, { per: 'run' })
  const partial = list.find(({ outcome }) => outcome?.isPartial)
  if (partial && !flags.force) throw partialRun(partial.file)

  const name = flags.name === undefined ? null : fittingName(flags.name)
  const drafts = list.map((measured) => draft(measured, { branch, name, kind, commit, savedAt: startedAt, version: VERSION }))
  const before = await readShelf(folder, branch)
  const known = before.kept.filter(({ facts }) => facts.kind === kind).map(({ facts }) => facts)
  const fresh: Draft[] = []
  const copies: Draft[] = []
  for (const each of drafts) {
    const others = [...known, ...fresh.map(({ facts }) => facts)].filter((other) => groupFolder(other) === groupFolder(each.facts))
    // Sizes may come back to what they were: then they are the newest again.
    const isCopy = isSampled(each.measured) ? others.some(({ digest }) => digest === each.facts.digest) : others.at(-1)?.digest === each.facts.digest && others.at(-1)?.commit === commit
    ;(isCopy ? copies : fresh).push(each)
  }
  const saved: { readonly path: string; readonly draft: Draft }[] = []
  for (const each of fresh) saved.push({ path: await keep(folder, each, host.files), draft: each })

  const touched = new Set(fresh.map(({ facts }) => groupFolder(facts)))
  const most = flags.keep ?? USUALLY_KEPT
  const { kept, strays } = await readShelf(folder, branch)
  const inTouched = kept.filter(({ facts }) => touched.has(groupFolder(facts)))
  // Only those that were there when we began: another may just now be saving the same yardstick.
  const surplus = kind === 'frozen' ? before.kept.filter(({ facts }) => facts.kind === 'frozen' && touched.has(groupFolder(facts))) : beyond(inTouched, most)
  await remove(folder, surplus)

  const left = inTouched.filter((each) => each.facts.kind === kind && !surplus.some(({ path }) => path === each.path))
  const told = tellStrays(host, strays)
  const [first] = drafts
  return report({
    command: 'baseline',
    title: saved.length === 0 ? `nothing new for the baseline of ${plain(branch, 80)}` : `${plural(saved.length, 'run')} saved as ${kind} baseline of ${plain(branch, 80)}`,
    verdict: told.findings.length > 0 ? 'warn' : 'ok',
    data: {
      action: 'save', folder: shownPath(host, folder), branch, name, commit, kind,
      saved: saved.map(({ path, draft: { facts } }) => ({ file: shownPath(host, path), source: facts.source.file, verdict: facts.source.verdict, partial: facts.source.partial })),
      skipped: copies.map(({ facts }) => facts.source.file), removed: surplus.map(({ path }) => shownPath(host, path)), kept: left.length,
    },
    findings: told.findings,
    facts: [
      { label: 'Branch', value: plain(branch, 250) },
      ...(commit === null ? [] : [{ label: 'Commit', value: showCommit(commit) }]),
      ...(first ? [{ label: 'What', value: subjectOf(first.facts) }, { label: 'Environment', value: showEnvironment(first.facts) }] : []),
      { label: 'Folder', value: shownPath(host, join(folder, folderOf(branch))) },
      ...(saved.length === 0 ? [] : [{ label: 'Kept now', value: kind === 'rolling' ? `${left.length} of at most ${most * touched.size}` : plural(left.length, 'run') }]),
    ],
    tables: saved.length === 0 ? [] : [{
      title: 'Saved', columns: [{ label: 'Run' }, { label: 'Its verdict' }, { label: 'File', isMain: true }],
      rows: saved.map(({ path, draft: { facts: { source } } }) => [plain(source.file, 80), source.verdict === null ? 'not judged' : { text: source.verdict, tone: source.verdict }, basename(path)]),
    }],
    notes: [
      ...saved.flatMap(({ draft: { facts: { source } } }) => [
        ...(source.verdict === 'fail' ? [`${plain(source.file, 80)} failed its own thresholds; it is kept with that verdict`] : []),
        ...(source.partial ? [`${plain(source.file, 80)} is not whole; it is kept because of --force`] : []),
      ]),
      ...copies.map(({ facts }) => `${plain(facts.source.file, 80)} is kept already: a copy is no other run`),
      ...(surplus.length === 0 ? [] : [kind === 'frozen' ? `${plural(surplus.length, 'frozen run')} of before removed: this is the yardstick now` : `${plural(surplus.length, 'older run')} removed`]),
      ...(kind === 'rolling' && saved.some(({ draft: { measured } }) => isSampled(measured)) && left.length < 5 ? [`a test needs 5 runs; there ${left.length === 1 ? 'is' : 'are'} ${left.length} of them now`] : []),
      ...told.notes,
    ],
    startedAt, finishedAt: host.wallTime(),
  })
}
