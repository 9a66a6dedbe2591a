import * as flag from './flag.ts'

/** The flags every command understands, before or after its name. */
export const GLOBAL_FLAGS = {
  config: flag.text('--config <file>', 'the configuration file', { otherwise: 'medianest-perf.yaml here or above, then in the user\'s configuration directory' }),
  format: flag.text('--format <name>', 'how the result is written to stdout: human, json, ndjson, junit, github, markdown, comment, step-summary, html, pdf (to a file), nagios, prometheus, openmetrics, gitlab-metrics, benchmark-smaller, benchmark-bigger or bencher', { otherwise: 'human; nagios for health where stdout is no terminal', variable: 'MEDIANEST_PERF_FORMAT' }),
  output: flag.texts('--output <[format=]file>', 'also write the result to a file; may be repeated'),
  url: flag.texts('--url <address>', 'ask the instance at this address instead of measuring this machine; top shows several, each with its own --url', { variable: 'MEDIANEST_API_URL' }),
  tokenFile: flag.text('--token-file <file>', 'a file with the token that the instance wants', { variable: 'MEDIANEST_TOKEN_FILE' }),
  token: flag.text('--token <token>', 'the token itself; everybody on this machine can read it in the list of processes', { variable: 'MEDIANEST_TOKEN' }),
  timeout: flag.duration('--timeout <duration>', 'longest wait for one answer; for the checks of health, for all of them together', { variable: 'MEDIANEST_TIMEOUT' }),
  quiet: flag.toggle('--quiet', 'no progress on stderr; of health nothing at all while all is well and nothing has changed'),
  color: flag.toggle('--no-color', 'no colours, as NO_COLOR does; FORCE_COLOR=1 forces them'),
  ci: flag.toggle('--no-ci', 'in GitHub Actions and GitLab CI, do not tell these by themselves what was found, as MEDIANEST_PERF_CI=off does'),
  strict: flag.toggle('--strict', 'a warning is a failure: exit 1 instead of 0, 2 where a comparison cannot tell'),
} as const satisfies flag.Flags

/** What the global flags come out as. */
export type GlobalValues = flag.FlagValues<typeof GLOBAL_FLAGS>
