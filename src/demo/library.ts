import { createRandom, pickInteger, pickOne } from './random.ts'

/** A film, an episode, a photo: what the demo serves. */
export interface MediaItem {
  readonly id: number
  readonly title: string
  readonly type: string
  readonly year: number
  readonly genres: readonly string[]
  readonly tags: readonly string[]
  readonly rating: number
  readonly durationSeconds: number
  readonly filename: string
  readonly mimeType: string
  readonly sizeBytes: number
  readonly ownerId: number
  readonly createdAt: string
}

/** Somebody with an account. */
export interface User {
  readonly id: number
  readonly email: string
  readonly name: string
  readonly role: 'user' | 'admin' | 'guest'
}

/** A named list of media: a playlist or a collection. */
export interface MediaList {
  readonly id: number
  readonly name: string
  readonly description: string
  /** 0: everybody's. */
  readonly ownerId: number
  readonly mediaIds: readonly number[]
  readonly createdAt: string
}

/** A wish for a film or series that the library lacks. */
export interface MediaRequest {
  readonly id: number
  readonly title: string
  readonly mediaType: string
  readonly tmdbId: string
  readonly status: string
  readonly requestedBy: number
  readonly createdAt: string
}

/** Everything the demo knows before its first request; never changed. */
export interface Library {
  readonly media: readonly MediaItem[]
  /** What a search looks through: one lower-case line for each item of `media`. */
  readonly haystacks: readonly string[]
  readonly users: readonly User[]
  readonly playlists: readonly MediaList[]
  readonly collections: readonly MediaList[]
  readonly requests: readonly MediaRequest[]
}

const MEDIA_COUNT = 500
const USER_COUNT = 50
const LIST_COUNT = 20
const REQUEST_COUNT = 40

const KINDS = [
  { type: 'movie', extension: 'mkv', mimeType: 'video/x-matroska', seconds: [4_800, 10_800] },
  { type: 'series', extension: 'mkv', mimeType: 'video/x-matroska', seconds: [1_200, 3_600] },
  { type: 'video', extension: 'mp4', mimeType: 'video/mp4', seconds: [10, 900] },
  { type: 'music', extension: 'flac', mimeType: 'audio/flac', seconds: [90, 600] },
  { type: 'photo', extension: 'jpg', mimeType: 'image/jpeg', seconds: [0, 0] },
  { type: 'document', extension: 'pdf', mimeType: 'application/pdf', seconds: [0, 0] },
] as const
const ADJECTIVES = ['Silent', 'Crimson', 'Last', 'Hidden', 'Golden', 'Broken', 'Distant', 'Electric', 'Winter', 'Restless', 'Paper', 'Second'] as const
const HEROES = ['Batman', 'Harbour', 'Orchard', 'Signal', 'Lantern', 'River', 'Station', 'Garden', 'Machine', 'Summit', 'Island', 'Voyage'] as const
const GENRES = ['action', 'comedy', 'documentary', 'drama', 'family', 'mystery', 'science fiction', 'thriller'] as const
const TAGS = ['4k', 'favourite', 'holiday', 'image', 'new', 'shared', 'test', 'watched'] as const
const NAMES = ['Ada', 'Grace', 'Alan', 'Barbara', 'Edsger', 'Frances', 'Donald', 'Radia', 'Ken', 'Margaret'] as const
const STATUSES = ['pending', 'approved', 'available', 'declined'] as const
const FIRST_DAY = Date.UTC(2024, 0, 1)
const DAY_MS = 86_400_000

/** The demo's data; the same seed gives the same. */
export function createLibrary(seed: number): Library {
  const random = createRandom(seed)
  const day = (): string => new Date(FIRST_DAY + pickInteger(random, 0, 699) * DAY_MS).toISOString()
  const ids = (count: number): number[] => Array.from({ length: count }, () => pickInteger(random, 1, MEDIA_COUNT))
  const title = (): string => `The ${pickOne(random, ADJECTIVES)} ${pickOne(random, HEROES)}`

  const media = Array.from({ length: MEDIA_COUNT }, (_, index): MediaItem => {
    const kind = pickOne(random, KINDS)
    const name = `${title()} ${index + 1}`
    return {
      id: index + 1,
      title: name,
      type: kind.type,
      year: pickInteger(random, 1960, 2025),
      genres: [...new Set([pickOne(random, GENRES), pickOne(random, GENRES)])],
      tags: [...new Set([pickOne(random, TAGS), pickOne(random, TAGS)])],
      rating: pickInteger(random, 30, 95) / 10,
      durationSeconds: pickInteger(random, kind.seconds[0], kind.seconds[1]),
      filename: `${name.toLowerCase().replaceAll(' ', '-')}.${kind.extension}`,
      mimeType: kind.mimeType,
      sizeBytes: pickInteger(random, 100_000, 5_000_000),
      ownerId: pickInteger(random, 1, USER_COUNT),
      createdAt: day(),
    }
  })
  const users = Array.from({ length: USER_COUNT }, (_, index): User => {
    const name = pickOne(random, NAMES)
    return { id: index + 1, email: `${name.toLowerCase()}.${index + 1}@medianest.test`, name, role: index === 0 ? 'admin' : 'user' }
  })
  const lists = (noun: string): MediaList[] => Array.from({ length: LIST_COUNT }, (_, index) => ({
    id: index + 1, name: `${title()} ${noun}`, description: `A ${noun} that every visitor sees`, ownerId: 0, mediaIds: ids(10), createdAt: day(),
  }))
  const requests = Array.from({ length: REQUEST_COUNT }, (_, index): MediaRequest => ({
    id: index + 1,
    title: title(),
    mediaType: pickOne(random, ['movie', 'tv'] as const),
    tmdbId: String(pickInteger(random, 1, 999_999)),
    status: pickOne(random, STATUSES),
    requestedBy: pickInteger(random, 1, USER_COUNT),
    createdAt: day(),
  }))
  const haystacks = media.map((item) => [item.title, item.filename, item.type, ...item.genres, ...item.tags].join(' ').toLowerCase())
  return { media, haystacks, users, playlists: lists('playlist'), collections: lists('collection'), requests }
}
