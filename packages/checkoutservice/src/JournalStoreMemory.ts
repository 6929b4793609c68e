import { Clock, Duration, Effect, Layer, Option } from "effect"
import { randomUUID } from "node:crypto"
import { answerStep, Claim, type Entry, JournalStore } from "./JournalStore.ts"

/** How long an owner may be silent before another takes over; owners renew at a third of it. */
export const lease = Duration.seconds(12)

/** How long a journal is kept after it was begun. */
export const retention = Duration.days(90)

/** Journals in this process: for tests, and for a shop that may forget. */
export const layerMemory: Layer.Layer<JournalStore> = Layer.sync(JournalStore, () => {
  const journals = new Map<string, Journal>()
  const clock = Effect.map(Clock.currentTimeMillis, (now) => {
    forget(journals, now)
    return now
  })
  const atomically = <A>(use: (now: number) => A) => Effect.map(clock, use)
  const owned = (id: string, owner: string, now: number) => {
    const journal = journals.get(id)
    return journal?.owner === owner && journal.leaseUntil > now && !journal.finished ? journal : undefined
  }
  const change = (id: string, owner: string, use: (journal: Journal, now: number) => void) =>
    atomically((now) => {
      const journal = owned(id, owner, now)
      if (journal !== undefined) use(journal, now)
      return journal !== undefined
    })

  return JournalStore.of({
    claim: ({ fingerprint, group, id, input, program }) =>
      atomically((now) => {
        const journal = journals.get(id) ?? begin({ id, program, input, fingerprint, group, now })
        journals.set(id, journal)
        return journal.fingerprint === fingerprint ? claim(journal, now) : Claim.Reused()
      }),
    resume: (id) =>
      atomically((now) => {
        const journal = journals.get(id)
        return journal === undefined ? Claim.Busy() : take(journal, now)
      }),
    write: (id, owner, step, text) => change(id, owner, (journal) => journal.steps.set(step, text)),
    finish: (id, owner) =>
      change(id, owner, (journal) => {
        journal.finished = true
      }),
    renew: (id, owner) =>
      change(id, owner, (journal, now) => {
        journal.leaseUntil = now + Duration.toMillis(lease)
      }),
    release: (id, owner, retryInMillis) =>
      change(id, owner, (journal, now) => {
        journal.owner = undefined
        journal.leaseUntil = now + retryInMillis
      }),
    park: (id, owner) =>
      change(id, owner, (journal) => {
        journal.parked = true
        journal.owner = undefined
      }),
    expired: atomically((now) =>
      [...journals.values()]
        .filter((journal) => !journal.finished && !journal.parked && journal.leaseUntil <= now)
        .map(({ id, program }) => ({ id, program }))
    ),
    read: (id) => atomically(() => Option.map(Option.fromNullable(journals.get(id)), entryOf)),
    list: (group) =>
      atomically(() =>
        [...journals.values()]
          .filter((journal) => journal.group === group)
          .map(entryOf)
          .reverse()
      ),
    changed: () => Effect.sleep("20 millis")
  })
})

interface Journal {
  readonly id: string
  readonly program: string
  readonly input: string
  readonly fingerprint: string
  readonly group: string
  readonly begunAt: number
  readonly steps: Map<string, string>
  owner: string | undefined
  leaseUntil: number
  attempts: number
  finished: boolean
  parked: boolean
}

const begin = ({
  now,
  ...beginning
}: Omit<Journal, "begunAt" | "steps" | "owner" | "leaseUntil" | "attempts" | "finished" | "parked"> & {
  now: number
}): Journal => ({
  ...beginning,
  begunAt: now,
  steps: new Map(),
  owner: undefined,
  leaseUntil: now,
  attempts: 0,
  finished: false,
  parked: false
})

const claim = (journal: Journal, now: number): Claim => {
  const answer = journal.steps.get(answerStep)
  return answer === undefined ? take(journal, now) : Claim.Done({ answer })
}

const take = (journal: Journal, now: number): Claim => {
  if (journal.finished || journal.parked || journal.leaseUntil > now) return Claim.Busy()
  const owner = randomUUID()
  journal.owner = owner
  journal.leaseUntil = now + Duration.toMillis(lease)
  journal.attempts++
  return Claim.Mine({ owner, input: journal.input, steps: new Map(journal.steps), attempts: journal.attempts })
}

const entryOf = ({ begunAt, fingerprint, group, id, input, parked, program, steps }: Journal): Entry => ({
  id,
  program,
  group,
  fingerprint,
  input,
  steps: new Map(steps),
  parked,
  begunAt
})

const forget = (journals: Map<string, Journal>, now: number): void => {
  for (const [id, { begunAt }] of journals) {
    if (begunAt + Duration.toMillis(retention) > now) return
    journals.delete(id)
  }
}
