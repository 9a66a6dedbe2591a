import { Socket, type SocketConnectOpts } from 'node:net'
import type { ConnectionOptions } from 'node:tls'
import pg from 'pg'
import { plain } from '../model/text.ts'
import { answering } from './dns.ts'
import { PostgresProblem } from './postgres-problem.ts'
import { showPostgresTarget, type PostgresTarget } from './postgres-target.ts'
import { wholeMessages } from './postgres-wire.ts'

/** A client that reads nothing from the environment, asks for nothing but what is given, and survives whatever is sent to it. */
export function clientFor(target: PostgresTarget, addresses: readonly string[], ssl: ConnectionOptions | false): pg.Client {
  const client = new pg.Client({
    host: target.host, port: target.port, database: target.database, user: target.user, ssl, stream: () => socketTo(addresses),
    // A function, for an empty password would be looked for in PGPASSWORD and ~/.pgpass.
    password: () => target.password ?? noPassword(target),
    application_name: 'medianest-perf', client_encoding: 'UTF8', connectionTimeoutMillis: 0, options: '-', sslnegotiation: 'postgres', keepAlive: false,
  })
  // Not in its types. These two it takes from PGOPTIONS and PGREPLICATION where they are empty; and poolers (PgBouncer) refuse a connection with options.
  Object.assign((client as unknown as { connectionParameters: object }).connectionParameters, { options: undefined, replication: undefined })
  const connection = client.connection as unknown as { attachListeners(stream: object): void }
  const read = connection.attachListeners.bind(connection)
  // Its reader may be made to throw where nobody catches, or to run for ever; it gets nothing but whole messages of the protocol.
  connection.attachListeners = (stream) => read(wholeMessages(stream as Socket))
  return client
}

/** A socket that asks nobody for the address of the name it is told to connect to. */
function socketTo(addresses: readonly string[]): Socket {
  const socket = new Socket()
  const connect: (to: SocketConnectOpts) => Socket = socket.connect.bind(socket)
  // What the driver calls: a port and a host, or the path of a socket.
  return Object.assign(socket, { connect: (to: number | string, host = '') => connect(typeof to === 'string' ? { path: to } : { port: to, host, lookup: answering(addresses), autoSelectFamily: true }) })
}

function noPassword(target: PostgresTarget): never {
  throw new PostgresProblem('no-password', `${showPostgresTarget(target)} asks for the password of "${plain(target.user, 80)}" and none is given`, 'give `password: {file: ...}` or {env: ...}, or set PGPASSWORD')
}
