import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Whether there is an openssl to make certificates with. */
export const hasOpenssl = ((): boolean => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

/** A certificate in files, and the chain to send with it. */
export interface Certified {
  readonly cert: string
  readonly key: string
  readonly certFile: string
  readonly keyFile: string
}

export interface Authority {
  /** The root, to be trusted. */
  readonly caFile: string
  /** The root and `between`. */
  readonly bothFile: string
  /** Issues a certificate; days count from now. */
  issue(name: string, options?: { readonly dns?: string; readonly from?: number; readonly to?: number; readonly by?: 'root' | 'itself' | 'between' | 'ended'; /** Sends a former certificate of `between`, which has ended. */ readonly withFormer?: boolean }): Certified
  remove(): void
}

const DAY_MS = 86_400_000

/** An authority of its own in a temporary folder, with two intermediates: one that is valid, and one that has ended. */
export function makeAuthority(): Authority {
  const folder = mkdtempSync(join(tmpdir(), 'medianest-ca-'))
  const file = (name: string): string => join(folder, name)
  const openssl = (...words: string[]): void => void execFileSync('openssl', words, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
  writeFileSync(file('index'), '')
  writeFileSync(file('ca.conf'), `[ca]
default_ca = own
[own]
database = ${file('index')}
new_certs_dir = ${folder}
rand_serial = yes
unique_subject = no
default_md = sha256
policy = any
[any]
commonName = supplied
[req]
distinguished_name = name
[name]
`)
  const time = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString().replace(/[-:T]|\.\d+/g, '')
  const sign = (name: string, subject: string, extensions: string, from: number, to: number, by: string): void => {
    writeFileSync(file(`${name}.ext`), extensions)
    openssl('ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', `${name}.key`)
    openssl('req', '-new', '-config', 'ca.conf', '-key', `${name}.key`, '-subj', `/CN=${subject}`, '-out', `${name}.csr`)
    const signer = by === name ? ['-selfsign', '-keyfile', `${name}.key`] : ['-cert', `${by}.pem`, '-keyfile', `${by}.key`]
    openssl('ca', '-batch', '-notext', '-config', 'ca.conf', '-in', `${name}.csr`, '-out', `${name}.pem`, '-startdate', time(from), '-enddate', time(to), '-extfile', `${name}.ext`, ...signer)
  }
  const authority = 'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n'
  sign('root', 'Test Root', authority, -1_000, 3_000, 'root')
  sign('between', 'Test Between', authority, -900, 2_000, 'root')
  sign('ended', 'Test Ended', authority, -900, -2, 'root')
  openssl('ca', '-batch', '-notext', '-config', 'ca.conf', '-in', 'between.csr', '-out', 'former.pem', '-startdate', time(-900), '-enddate', time(-10), '-extfile', 'between.ext', '-cert', 'root.pem', '-keyfile', 'root.key')
  writeFileSync(file('both.pem'), readFileSync(file('root.pem'), 'utf8') + readFileSync(file('between.pem'), 'utf8'))
  return {
    caFile: file('root.pem'),
    bothFile: file('both.pem'),
    issue: (name, { dns = name, from = -30, to = 90, by = 'root', withFormer = false } = {}) => {
      sign(name, dns.split(',')[0] ?? dns, `basicConstraints=CA:FALSE\nsubjectAltName=${dns.split(',').map((each) => (/^[\d.]+$/.test(each) ? `IP:${each}` : `DNS:${each}`)).join(',')}\n`, from, to, by === 'itself' ? name : by)
      if (by === 'between' || by === 'ended') writeFileSync(file(`${name}.pem`), readFileSync(file(`${name}.pem`), 'utf8') + readFileSync(file(`${withFormer ? 'former' : by}.pem`), 'utf8'))
      const read = (path: string): string => readFileSync(path, 'utf8')
      return { cert: read(file(`${name}.pem`)), key: read(file(`${name}.key`)), certFile: file(`${name}.pem`), keyFile: file(`${name}.key`) }
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
