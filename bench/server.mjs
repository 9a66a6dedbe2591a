// What the clients are aimed at: an nginx of our own, or our demo, on a free loopback port.
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { end, start } from './process.mjs'

const REPLY = 'x'.repeat(200)
const JSON_REPLY = JSON.stringify({ id: 7, title: 'x'.repeat(180) })

/** Starts nginx with one worker and its files in a folder; `served()` counts the requests it has answered, without the asking. */
export async function startNginx(path, folder) {
  const port = await freePort()
  const scratch = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/${name};`).join(' ')
  await writeFile(join(folder, 'nginx.conf'), `
    daemon off; master_process off; worker_processes 1; pid ${folder}/pid; error_log stderr crit;
    events { worker_connections 4096; }
    http {
      access_log off; keepalive_requests 1000000000; keepalive_timeout 600s; default_type text/plain; ${scratch}
      server {
        listen 127.0.0.1:${port};
        location / { return 200 '${REPLY}'; }
        location /item { default_type application/json; return 200 '${JSON_REPLY}'; }
        location = /status { stub_status; }
      }
    }`)
  const child = start('server', [path, '-p', folder, '-c', join(folder, 'nginx.conf')])
  const url = `http://127.0.0.1:${port}/`
  let asked = 0
  const served = async () => Number((await (await fetch(`${url}status`)).text()).split('\n')[2].trim().split(' ')[2]) - ++asked
  const stop = () => end(child)
  await answers(child, url, stop)
  asked++
  return { url, served, stop }
}

/** Starts the demo with answers that take a while; `arrivals()` is when the requests since the last call arrived, milliseconds. */
export async function startDemo(product, latency = '10ms') {
  const port = await freePort()
  const child = start('server', [process.execPath, product, 'demo', '--port', String(port), '--latency', latency, '--record-arrivals'], { stdin: 'pipe' })
  const url = `http://127.0.0.1:${port}`
  const stop = () => end(child)
  await answers(child, `${url}/__arrivals`, stop)
  const arrivals = async () => (await (await fetch(`${url}/__arrivals`)).json()).atMs
  return { url: `${url}/api/v1/health`, arrivals, stop }
}

/** Waits until a server answers. */
async function answers(child, url, stop) {
  let said = ''
  child.stdout.resume()
  child.stderr.setEncoding('utf8').on('data', (text) => (said = (said + text).slice(-2_000)))
  for (const until = Date.now() + 10_000; ; await new Promise((wait) => setTimeout(wait, 50))) {
    if (await fetch(url).then((reply) => reply.ok && reply.text(), () => false)) return
    if (child.exitCode === null && Date.now() < until) continue
    await stop()
    throw new Error(`${child.spawnargs.join(' ')} does not answer: ${said}`)
  }
}

/** A port nobody listens on now. */
export function freePort() {
  return new Promise((found, failed) => {
    const server = createServer().once('error', failed)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => found(port))
    })
  })
}
