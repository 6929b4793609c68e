import { Clock, Effect } from "effect"

/** How often something may happen: so many times at once, and then as often as time refills the bucket. */
export interface Limit {
  readonly burst: number
  readonly perMinute: number
}

/** One bucket of tokens for each key. */
export interface TokenBuckets {
  /** Takes that many where there are as many, and else none: then it says in how many seconds there will be. Otherwise 0. */
  readonly take: (key: string, tokens: number) => Effect.Effect<number>
  /** Puts back what was taken and not needed. */
  readonly giveBack: (key: string, tokens: number) => Effect.Effect<void>
}

interface Bucket {
  readonly tokens: number
  readonly at: number
}

/**
 * Buckets that begin full. At most `capacity` of them are kept: the one that nobody asked for the longest goes first, as
 * it is the fullest, and a full bucket is as good as none.
 */
export const make = ({ burst, perMinute }: Limit, capacity: number): TokenBuckets => {
  const buckets = new Map<string, Bucket>()
  const perMilli = perMinute / 60_000
  const level = (key: string, now: number): number => {
    const { at, tokens } = buckets.get(key) ?? { tokens: burst, at: now }
    return Math.min(burst, tokens + Math.max(0, now - at) * perMilli)
  }
  const put = (key: string, tokens: number, at: number) => {
    buckets.delete(key)
    if (tokens >= burst) return
    buckets.set(key, { tokens, at })
    if (buckets.size > capacity) for (const oldest of buckets.keys()) return void buckets.delete(oldest)
  }
  return {
    take: (key, tokens) =>
      Effect.map(Clock.currentTimeMillis, (now) => {
        const left = level(key, now) - tokens
        put(key, left < 0 ? left + tokens : left, now)
        return left >= 0 ? 0 : Math.ceil(-left / perMilli / 1000)
      }),
    giveBack: (key, tokens) => Effect.map(Clock.currentTimeMillis, (now) => put(key, level(key, now) + tokens, now))
  }
}
