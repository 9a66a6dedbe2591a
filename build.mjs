// Bundles the product for start-up: one small entry, the rest split into chunks that load when a command needs them.
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { build } from 'esbuild'

const { version } = JSON.parse(await readFile(new URL('package.json', import.meta.url), 'utf8'))
const out = new URL('dist/', import.meta.url)

/** pdfkit asks for its fonts by a `require` of its own, which no bundler follows; and it brings readers of font files and of PNG images, of which a report has none. */
const pdfkit = {
  name: 'pdfkit',
  setup({ onLoad, onResolve }) {
    onLoad({ filter: /pdfkit\.node\.mjs$/ }, async ({ path }) => ({ contents: (await readFile(path, 'utf8')).replace(/require\$1\('(#standard-fonts\/Helvetica(?:Bold)?)'\)/g, "require('$1')"), loader: 'js' }))
    onResolve({ filter: /^(?:fontkit|png-js)$/ }, ({ path }) => ({ path, namespace: 'not-used' }))
    onLoad({ filter: /.*/, namespace: 'not-used' }, ({ path }) => ({ contents: `export const create = () => { throw new Error('${path} is not part of this program') }; export default create` }))
  },
}

/** Fastify brings a compiler of JSON Schemas, a compiler of serialisers and a way to be asked without a port; nothing here gives its routes a schema, or asks so. They are half of it. */
const fastify = {
  name: 'fastify',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^(?:@fastify\/ajv-compiler|@fastify\/fast-json-stringify-compiler|light-my-request)$/ }, ({ path }) => ({ path, namespace: 'never-called' }))
    onLoad({ filter: /.*/, namespace: 'never-called' }, ({ path }) => ({ contents: `module.exports = () => () => { throw new Error('${path} is not part of this program') }` }))
  },
}

await rm(out, { recursive: true, force: true })
await mkdir(out, { recursive: true })
const result = await build({
  absWorkingDir: new URL('.', import.meta.url).pathname,
  entryPoints: ['src/main.ts'],
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  chunkNames: '[name]-[hash]',
  minifySyntax: true,
  define: { 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"', __VERSION__: JSON.stringify(version) },
  // Packages written as CommonJS ask for Node's modules by `require`, which ES modules do not have.
  banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);" },
  // Ink's developer tools are imported only with DEV=true and are not part of the product; pg asks for two packages that it can do without.
  external: ['react-devtools-core', 'pg-native', 'pg-cloudflare'],
  plugins: [pdfkit, fastify],
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
})
for (const worker of ['load/pacer', 'sources/mounts/statfs', 'sources/application/module']) {
  await copyFile(new URL(`src/${worker}.worker.mjs`, import.meta.url), new URL(`${worker.split('/').at(-1)}.worker.mjs`, out))
}
await writeFile(new URL('meta.json', out), JSON.stringify(result.metafile))
