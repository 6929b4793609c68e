import * as AppendLog from "@retro/appendlog/AppendLog"
import { Clock, Duration, Effect, Layer, Option } from "effect"
import { randomUUID } from "node:crypto"
import * as JournalState from "./JournalState.ts"
import { answerStep, Claim, JournalStore, JournalUnavailable, shown, terms, type Texts } from "./JournalStore.ts"

/** Journals in this process: for tests, and for a shop that may forget. */
export const layerMemory: Layer.Layer<JournalStore> = Layer.sync(JournalStore, () => make(new Map(), AppendLog.none))

/** The store over these journals. What happens to them goes to the log, and nobody is answered before it is saved. */
export const make = (
  journals: JournalState.Journals,
  log: AppendLog.AppendLog<JournalState.Event>
): typeof JournalStore.Service => {
  const [lease, retention] = [Duration.toMillis(terms.lease), Duration.toMillis(terms.retention)]
  const saved = Effect.mapError(log.saved, () => new JournalUnavailable())
  const atomically = <A>(use: (now: number) => A) =>
    Effect.flatMap(Clock.currentTimeMillis, (now) => {
      JournalState.forget(journals, now - retention)
      return Effect.as(saved, use(now))
    })
  const happen = (event: JournalState.Event) => {
    JournalState.apply(journals, event)
    log.add(event)
  }
  const asOwner = (id: string, owner: string, ...events: ReadonlyArray<(now: number) => JournalState.Event>) =>
    atomically((now) => {
      const journal = journals.get(id)
      const isTheirs = journal?.owner === owner && journal.until > now && !journal.finished
      if (isTheirs) for (const event of events) happen(event(now))
      return isTheirs
    })
  const written = (id: string, texts: Texts) =>
    texts.map(([step, text]) => (): JournalState.Event => ({ _tag: "Written", id, step, text }))
  const take = (journal: JournalState.Journal | undefined, now: number) => {
    if (journal === undefined || journal.finished || journal.parked || journal.until > now) return Claim.Busy()
    const { id, input, steps } = journal
    const owner = randomUUID()
    happen({ _tag: "Taken", id, owner, until: now + lease })
    return Claim.Mine({ owner, input, steps: new Map(steps), attempts: journal.attempts })
  }

  /** The newest first. */
  const latest = (limit: number, isWanted: (journal: JournalState.Journal) => boolean) =>
    [...journals.values()].filter(isWanted).slice(-limit).reverse().map(JournalState.entryOf)

  return JournalStore.of({
    lease: terms.lease,
    claim: (beginning) =>
      atomically((now) => {
        const { fingerprint, id } = beginning
        if (!journals.has(id)) happen({ _tag: "Begun", ...beginning, at: now, attempts: 0 })
        const journal = journals.get(id)
        if (journal?.fingerprint !== fingerprint) return Claim.Reused()
        const answer = journal.steps.get(answerStep)
        if (answer !== undefined) return Claim.Done({ answer })
        return journal.program === beginning.program ? take(journal, now) : Claim.Busy()
      }),
    resume: (id) => atomically((now) => take(journals.get(id), now)),
    write: (id, owner, texts) => asOwner(id, owner, ...written(id, texts)),
    finish: (id, owner, texts) => asOwner(id, owner, ...written(id, texts), () => ({ _tag: "Finished", id })),
    renew: (id, owner) => asOwner(id, owner, (now) => ({ _tag: "Renewed", id, until: now + lease })),
    release: (id, owner, retryInMillis) =>
      asOwner(id, owner, (now) => ({ _tag: "Released", id, until: now + retryInMillis })),
    park: (id, owner) => asOwner(id, owner, () => ({ _tag: "Parked", id })),
    parked: atomically(() =>
      [...journals.values()]
        .filter(({ parked }) => parked)
        .map(JournalState.entryOf)
        .reverse()
    ),
    unpark: (id) =>
      atomically((now) => {
        const isParked = journals.get(id)?.parked === true
        if (isParked) happen({ _tag: "Unparked", id, until: now })
        return isParked
      }),
    expired: atomically((now) =>
      [...journals.values()]
        .filter(({ finished, parked, until }) => !finished && !parked && until <= now)
        .map(({ id, program }) => ({ id, program }))
    ),
    read: (id) => atomically(() => Option.map(Option.fromNullable(journals.get(id)), JournalState.entryOf)),
    list: (group, limit) => atomically(() => latest(limit, (journal) => journal.group === group)),
    latest: atomically(() => latest(shown, () => true)),
    changed: () => Effect.sleep("20 millis")
  })
}
