import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { loadConfig } from '../../src/config.ts'
import { readServerSettings } from '../../src/api/server/settings.ts'
import { testHost } from '../host.ts'
import { nginx } from './nginx.ts'
import { programAt } from './program-at.ts'
import { snippet } from './served.ts'

const TLS = resolve(import.meta.dirname, '../fixtures/tls')
const folder = mkdtempSync(join(tmpdir(), 'medianest-deploy-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const systemdAnalyze = programAt('systemd-analyze')
const promtool = programAt('promtool')

/** Runs to the end; what it printed, on both streams. */
function run(command: string, ...args: readonly string[]): { readonly code: number | null; readonly said: string } {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', timeout: 20_000 })
  return { code: status, said: stdout + stderr }
}

function written(name: string, text: string): string {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

describe.skipIf(systemdAnalyze === undefined)('the unit of docs/deploy.md (needs systemd-analyze)', () => {
  const unit = (): string => written('medianest-perf.service', snippet('deploy.md', 'unit').replace('/usr/bin/medianest-perf', process.execPath))

  it('is one that systemd takes without a remark', () => {
    expect(run(systemdAnalyze ?? '', 'verify', '--man=no', unit())).toEqual({ code: 0, said: '' })
  })

  it('leaves little to whoever breaks into the program', () => {
    // Counted in tenths: more than 2.5 is a failure.
    const { code, said } = run(systemdAnalyze ?? '', 'security', '--offline=yes', '--threshold=25', '--no-pager', unit())
    expect({ code, said: said.split('\n').filter((line) => line.includes('Overall')) }).toMatchObject({ code: 0, said: [expect.stringMatching(/level for medianest-perf\.service: [12]\.\d OK/)] })
  })
})

describe.skipIf(nginx === undefined)('the server of docs/deploy.md (needs nginx)', () => {
  it('is one that nginx takes without a remark', () => {
    const text = snippet('deploy.md', 'nginx').replace(/ssl_certificate .*;/, `ssl_certificate ${TLS}/localhost.cert.pem;`).replace(/ssl_certificate_key .*;/, `ssl_certificate_key ${TLS}/localhost.key.pem;`)
    mkdirSync(join(folder, 'nginx'))
    const path = written('nginx.conf', `pid ${folder}/nginx/pid; error_log stderr; events {} http { access_log off; ${text} }`)
    const { code, said } = run(nginx ?? '', '-t', '-q', '-e', 'stderr', '-p', join(folder, 'nginx'), '-c', path)
    expect({ code, said }).toEqual({ code: 0, said: '' })
  })
})

describe.skipIf(promtool === undefined)('the scrape configuration of docs/deploy.md (needs promtool)', () => {
  it('is one that Prometheus takes', () => {
    const token = written('token', 'mnp_made-up')
    const path = written('prometheus.yml', snippet('deploy.md', 'prometheus').replace('/etc/prometheus/medianest-perf.token', token))
    expect(execFileSync(promtool ?? '', ['check', 'config', path], { encoding: 'utf8' })).toContain('SUCCESS')
  })

  it('asks for what is there, where nginx answers', () => {
    const { scrape_configs: [job] } = parse(snippet('deploy.md', 'prometheus')) as { scrape_configs: [{ metrics_path?: string; static_configs: { targets: string[] }[] }] }
    expect(job.metrics_path ?? '/metrics').toBe('/metrics')
    expect(snippet('deploy.md', 'nginx')).toContain(`server_name ${job.static_configs[0]?.targets[0]};`)
  })
})

describe('the configuration of docs/deploy.md', () => {
  it('is one that serve starts with, and that knows its proxy by the name nginx sends', async () => {
    const path = written('medianest-perf.yaml', snippet('deploy.md', 'configuration'))
    const host = testHost([], { cwd: folder, env: {} })
    const { serve, collect } = await loadConfig(host, path)
    const settings = await readServerSettings(serve, { host: undefined, port: undefined }, { env: {}, readFile: (file) => host.files.read(file), resolve: (file) => file })
    expect(settings).toMatchObject({ host: '127.0.0.1', port: 9_464, allowedHosts: ['perf.example.org'], trustProxy: ['127.0.0.1'] })
    expect(settings.tokens.map(({ role }) => role)).toEqual(['admin', 'scrape'])
    expect(collect?.file.sources).toHaveLength(1)
    expect(snippet('deploy.md', 'nginx')).toContain('server 127.0.0.1:9464;')
    expect(snippet('deploy.md', 'nginx')).toContain('server_name perf.example.org;')
  })

  it('keeps its files where the unit lets it write', () => {
    const { serve } = parse(snippet('deploy.md', 'configuration')) as { serve: { auditLog: string; state: string } }
    const unit = snippet('deploy.md', 'unit')
    expect(serve.auditLog).toMatch(/^\/var\/log\/medianest-perf\//)
    expect(serve.state).toMatch(/^\/var\/lib\/medianest-perf\//)
    for (const line of ['LogsDirectory=medianest-perf', 'StateDirectory=medianest-perf', '--config /etc/medianest-perf/medianest-perf.yaml']) expect(unit).toContain(line)
  })
})
