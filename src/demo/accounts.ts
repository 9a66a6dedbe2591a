import { timestamp, type Clock } from './clock.ts'
import { invalid, readObject } from './input.ts'
import type { Library, User } from './library.ts'
import { notFound, refusal } from './refusal.ts'
import type { Call, Route } from './route.ts'
import { isTestAddress, type Session, userOf } from './session.ts'
import type { Shelf } from './shelf.ts'

/** What users may change about themselves. */
export interface Profile {
  readonly name: string
  readonly preferences: { readonly theme: string; readonly language: string; readonly notifications: boolean }
}

const THEMES = ['light', 'dark', 'system']

/** Logging in and out of nothing: accounts, sessions and profiles. */
export function accountRoutes({ library, profiles, session, clock }: {
  readonly library: Library
  readonly profiles: Shelf<Profile>
  readonly session: Session
  readonly clock: Clock
}): Route[] {
  function login(call: Call): object {
    const { email, password } = readObject(call)
    if (typeof email !== 'string' || typeof password !== 'string') throw invalid('email and password must be texts')
    if (!isTestAddress(email) || password.length < 8) throw refusal(401, 'INVALID_CREDENTIALS', 'the demo knows addresses under .test and example.com, with a password of at least 8 characters')
    const { token, cookie, user } = session.open(email)
    call.header('set-cookie', cookie)
    return { token, user }
  }

  function register(call: Call): object {
    const { email, password } = readObject(call)
    if (typeof email !== 'string' || !isTestAddress(email)) throw invalid('email must be an address under .test or example.com')
    if (typeof password !== 'string' || password.length < 8) throw invalid('password must have at least 8 characters')
    return { user: userOf(email), createdAt: timestamp(clock) }
  }

  const profileOf = (user: User): Profile => profiles.get(user.id) ?? { name: user.name, preferences: { theme: 'system', language: 'en', notifications: true } }
  const showProfile = (user: User): object => ({ data: { ...user, ...profileOf(user) } })

  function updateProfile(call: Call): object {
    profiles.put(call.user.id, readProfile(readObject(call), profileOf(call.user)))
    return showProfile(call.user)
  }

  function publicProfile({ params: { id = '' } }: Call): object {
    const user = library.users.find((candidate) => String(candidate.id) === id)
    if (!user) throw notFound('user', id)
    return { data: { id: user.id, name: user.name, role: user.role } }
  }

  return [
    { method: 'POST', url: '/api/v1/auth/login', about: 'a token for an e-mail address and password; also set as the cookie "session"', token: 'ignored', dbMs: 0.8, handle: login },
    { method: 'POST', url: '/api/auth/login', about: 'the same', token: 'ignored', dbMs: 0.8, handle: login },
    { method: 'POST', url: '/api/v1/auth/register', about: 'a new account; nothing is kept', token: 'ignored', status: 201, dbMs: 1, handle: register },
    { method: 'GET', url: '/api/v1/users/me', about: 'who the token belongs to', token: 'needed', dbMs: 0.2, handle: ({ user }) => ({ data: user }) },
    { method: 'GET', url: '/api/v1/user/profile', about: 'name and preferences', token: 'needed', dbMs: 0.2, handle: ({ user }) => showProfile(user) },
    { method: 'PUT', url: '/api/v1/user/profile', about: 'changes name and preferences', token: 'needed', dbMs: 0.6, handle: updateProfile },
    { method: 'PATCH', url: '/api/v1/user/profile', about: 'the same', token: 'needed', dbMs: 0.6, handle: updateProfile },
    { method: 'GET', url: '/api/users/profile/:id', about: 'what everybody may know of a user', token: 'checked', dbMs: 0.2, handle: publicProfile },
  ]
}

/** The profile with the known keys of the body changed; what is not known is let pass. Throws status 400. */
function readProfile(body: Readonly<Record<string, unknown>>, before: Profile): Profile {
  const { name = before.name } = body
  if (typeof name !== 'string' || name === '' || name.length > 500) throw invalid('name must be a text of 1 to 500 characters')
  const { theme = before.preferences.theme, language = before.preferences.language, notifications = before.preferences.notifications } =
    body.preferences === undefined ? {} : readObject({ body: body.preferences })
  if (typeof theme !== 'string' || !THEMES.includes(theme)) throw invalid(`preferences.theme must be one of ${THEMES.join(', ')}`)
  if (typeof language !== 'string' || language.length > 35) throw invalid('preferences.language must be a language tag such as en')
  if (typeof notifications !== 'boolean') throw invalid('preferences.notifications must be true or false')
  return { name, preferences: { theme, language, notifications } }
}
