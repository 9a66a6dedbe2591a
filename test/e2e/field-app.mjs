// An application whose figures are known: of each hundred requests for media 6 take 250 ms, 24 take 80 ms and the others 20 ms, or all as long as TAKES says; one of each twenty fails. The slow ones are amid the hundred, so that no window
// at the beginning or end of a load has them alone.
import { createServer } from 'node:http'
import client from 'prom-client'

const takes = process.env.TAKES
const times = new client.Histogram({ name: 'http_request_duration_seconds', help: 'Time to answer.', labelNames: ['method', 'route', 'status_code'], buckets: [0.005, 0.01, 0.02, 0.03, 0.04, 0.06, 0.075, 0.08, 0.1, 0.15, 0.24, 0.25, 0.3, 0.5, 1, 2.5] })
client.collectDefaultMetrics()
let asked = 0

const server = createServer((request, response) => {
  const path = request.url.split('?')[0]
  if (path === '/up') return void response.writeHead(204).end()
  if (path === '/metrics') return void client.register.metrics().then((text) => response.writeHead(200, { 'content-type': client.register.contentType }).end(text))
  const begun = process.hrtime.bigint()
  const isMedia = path.startsWith('/api/v1/media/')
  const nth = isMedia ? asked++ % 100 : 99
  const status = isMedia && nth % 20 === 17 ? 500 : isMedia ? 200 : 201
  const ms = takes !== undefined ? Number(takes) : nth >= 30 && nth < 36 ? 250 : nth >= 36 && nth < 60 ? 80 : 20
  const answer = () => {
    const took = Number(process.hrtime.bigint() - begun) / 1e9
    // Timers of Node may be a fraction early; the promise is at least this long.
    if (took * 1_000 < ms) return void setTimeout(answer, 1)
    times.observe({ method: request.method, route: isMedia ? '/api/v1/media/:id' : '/api/v1/sessions', status_code: status }, took)
    response.writeHead(status, { 'content-type': 'text/plain' }).end('ok')
  }
  setTimeout(answer, ms)
})
server.listen(Number(process.argv[2]), '127.0.0.1')
