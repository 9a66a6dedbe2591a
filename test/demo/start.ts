import { onTestFinished } from 'vitest'
import { type Demo, type DemoOptions, startDemo } from '../../src/demo/demo.ts'

/** A demo that ends with the test. */
export async function start(options: DemoOptions = {}): Promise<Demo> {
  const demo = await startDemo(options)
  onTestFinished(() => demo.close())
  return demo
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  // What a body holds is for the test to say.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any
}

/** Sends a request, `[method, path, body?]`; an object goes as JSON, a text as it is. */
export async function ask(demo: Demo, method: string, path: string, { body, headers = {} }: { body?: object | string; headers?: Record<string, string> } = {}): Promise<Answer> {
  const isJson = typeof body === 'object'
  const response = await fetch(demo.url + path, {
    method,
    headers: { ...(isJson ? { 'content-type': 'application/json' } : {}), ...headers },
    ...(body === undefined ? {} : { body: isJson ? JSON.stringify(body) : body }),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, body: text.startsWith('{') ? JSON.parse(text) : null }
}

/** The header of a user who has logged in. */
export async function logIn(demo: Demo, email = 'test@example.com'): Promise<{ authorization: string }> {
  const { body } = await ask(demo, 'POST', '/api/v1/auth/login', { body: { email, password: 'testpassword123' } })
  return { authorization: `Bearer ${body.token}` }
}
