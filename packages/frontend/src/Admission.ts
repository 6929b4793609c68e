import { Config, Metric } from "effect"

/** What a request is about: `always` costs nothing worth counting, `first` goes on with what was begun before. */
export type Rank = "always" | "first" | "last"

/** Decides which requests are begun, and when, while there is more to do than can be done. */
export interface Admission {
  /** Begins a request now or soon, or refuses it at once. Asked once for each, before anything is spent on it. */
  readonly admit: (rank: Rank, request: Request) => void
  /** Whether one that came now would be refused, and then counts it so: for who can refuse it before it is one. */
  readonly refuses: (rank: Rank) => boolean
}

export interface Request {
  /** Told whether others are refused meanwhile, so that what can be done without should be. */
  readonly begin: (isBusy: boolean) => void
  readonly refuse: () => void
}

/** The event loop as admission sees it. */
export interface Loop {
  /** Milliseconds from any moment on. */
  readonly now: () => number
  /** Calls back when what the sockets brought in this turn has been read. */
  readonly atTurnsEnd: (callback: () => void) => void
}

/** Node's own. */
export const loop: Loop = { now: () => performance.now(), atTurnsEnd: setImmediate }

/** A turn of the loop that reads so many requests, and takes so long (milliseconds), has a queue before it. */
const crowd = 32
const lateMillis = 50

/** While there is one, a turn begins requests for this long, and so many wait for the next turn. */
const workMillis = 2
const waitingRoom = 4

/** The queue is gone when nobody had to be refused for this long. */
const calmMillis = 500

/**
 * Admission by two measures: `most` requests in progress (twice that for those that go `first`), and how long a turn of
 * the event loop takes, which is how long requests wait in their sockets. After a crowded and late turn, should the next
 * one be no better, all that a turn reads is first put in order: a few wait to be begun at its end, those that go `first`
 * before the others, and the rest is refused.
 */
export const make = (most: number, inProgress: () => number, { atTurnsEnd, now }: Loop = loop): Admission => {
  const waiting: Readonly<Record<Exclude<Rank, "always">, Array<Request>>> = { first: [], last: [] }
  let [isWatched, wasCrowded, asked, turnBegan, pressedUntil] = [false, false, 0, 0, 0]

  const turnEnds = () => {
    const time = now()
    wasCrowded = asked >= crowd && time - turnBegan >= lateMillis
    turnBegan = time
    for (let next = waiting.first.shift() ?? waiting.last.shift(); next !== undefined;) {
      next.begin(true)
      next = now() - time < workMillis ? (waiting.first.shift() ?? waiting.last.shift()) : undefined
    }
    // Looks at one turn more after each: only so is it known when the next one began.
    isWatched = asked > 0 || waiting.first.length > 0 || waiting.last.length > 0
    asked = 0
    if (isWatched) atTurnsEnd(turnEnds)
  }

  const watch = (time: number) => {
    asked++
    if (isWatched) return
    isWatched = true
    turnBegan = time
    atTurnsEnd(turnEnds)
  }

  const isTooMuch = (rank: Exclude<Rank, "always">, time: number): boolean => {
    if (inProgress() >= (rank === "first" ? 2 * most : most)) return true
    if (wasCrowded && time - turnBegan >= lateMillis) pressedUntil = time + calmMillis
    if (time >= pressedUntil || waiting[rank].length < (rank === "first" ? most : waitingRoom)) return false
    pressedUntil = time + calmMillis
    return true
  }

  const refuses = (rank: Rank): boolean => {
    if (rank === "always") return false
    const time = now()
    if (!isTooMuch(rank, time)) return false
    watch(time)
    shed.unsafeUpdate(1, [])
    return true
  }

  return {
    refuses,
    admit: (rank, request) => {
      if (rank === "always") return request.begin(false)
      if (refuses(rank)) return request.refuse()
      const time = now()
      watch(time)
      if (time >= pressedUntil) return request.begin(false)
      waiting[rank].push(request)
    }
  }
}

/** Admission by `HTTP_MAX_IN_FLIGHT`: how many requests may be in progress at the same time (256). */
export const config: Config.Config<(inProgress: () => number) => Admission> = Config.integer("HTTP_MAX_IN_FLIGHT").pipe(
  Config.withDefault(256),
  Config.validate({ message: "a number from 1 to 100000", validation: (most) => most >= 1 && most <= 100_000 }),
  Config.map((most) => (inProgress) => make(most, inProgress))
)

/** Requests that were refused. */
export const shed = Metric.counter("http_server_shed_total", {
  description: "Web requests that were answered 503 at once because there was too much to do.",
  incremental: true
})
