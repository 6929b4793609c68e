import { JournalStore, JournalUnavailable, type Texts } from "@retro/checkoutservice/JournalStore"
import { Outcomes, OutcomesUnavailable } from "@retro/outcomes/Outcomes"
import { Effect, FiberRef, identity, Layer } from "effect"
import type { Dice } from "./Dice.ts"
import type { Operation } from "./Port.ts"
import * as Process from "./Process.ts"
import { short, type Trace } from "./Trace.ts"

/** The journals that were begun and those with nothing left to do, as the store itself knows. */
export interface Journals {
  readonly begun: Set<string>
  readonly finished: Set<string>
  readonly parked: Set<string>
}

/** No journal yet. */
export const makeJournals = (): Journals => ({ begun: new Set(), finished: new Set(), parked: new Set() })

/** Replaces a store by one that behaves differently: how a mutant gets at it. */
export type Change = (store: typeof JournalStore.Service) => typeof JournalStore.Service

/** The journal store as replicas meet it. */
export const journal = (
  journals: Journals,
  operation: Operation,
  trace: Trace,
  dice: Dice,
  change: Change = identity
) =>
  Layer.effect(
    JournalStore,
    Effect.map(JournalStore, (real) => {
      const store = change(real)
      const silence = new JournalUnavailable()
      const at = <A, E>(what: string, id: string, effect: Effect.Effect<A, E>) =>
        operation(
          { where: `journal ${short(id)}, ${what}`, silence },
          Effect.tap(effect, (answer) => told(trace, id, what, answer))
        )
      const noted = (set: Set<string>, id: string) => (counts: boolean) =>
        Effect.sync(() => {
          if (counts) set.add(id)
        })
      return {
        lease: store.lease,
        claim: (beginning) =>
          at(
            "claim",
            beginning.id,
            Effect.zipRight(
              Effect.sync(() => journals.begun.add(beginning.id)),
              store.claim(beginning)
            )
          ),
        resume: (id) => at("resume", id, store.resume(id)),
        write: (id, owner, texts) => at(`write ${stepsOf(texts)}`, id, store.write(id, owner, texts)),
        finish: (id, owner, texts) =>
          at(`finish ${stepsOf(texts)}`, id, Effect.tap(store.finish(id, owner, texts), noted(journals.finished, id))),
        renew: (id, owner) => Process.guard(store.renew(id, owner)),
        release: (id, owner, retryIn) => at("release", id, store.release(id, owner, retryIn)),
        park: (id, owner) =>
          at(
            "park",
            id,
            Effect.zipRight(
              store.park(id, owner),
              Effect.sync(() => journals.parked.add(id))
            )
          ),
        parked: Process.guard(store.parked),
        unpark: (id) => at("unpark", id, store.unpark(id)),
        expired: Process.guard(store.expired),
        read: (id) => at("read", id, store.read(id)),
        list: (group, limit) => at("list", group, store.list(group, limit)),
        latest: Process.guard(store.latest),
        // A hint may come late: asking every 20 ms for seconds would be most of what a run does.
        changed: () => Process.guard(Effect.suspend(() => Effect.sleep(dice.between(20, 400))))
      }
    })
  )

const stepsOf = (texts: Texts): string => texts.map(([step]) => step).join(", ")

/** What a replica did to a journal, in the trace. That it looks and finds it busy is not worth a line. */
const told = (trace: Trace, id: string, what: string, answer: unknown) =>
  Effect.map(FiberRef.get(Process.current), (process) => {
    const claim = tagOf(answer)
    if (claim === "Busy" || what === "read" || what === "list") return
    if (answer === false) trace.count("journal: write fenced off")
    if (what === "resume" && claim === "Mine") trace.count("journal: taken over")
    const verdict = answer === false ? " (does not count)" : claim === "" ? "" : ` is ${claim}`
    trace.did(process?.name ?? "", `journal ${short(id)}: ${what}${verdict}`)
  })

const tagOf = (answer: unknown): string =>
  typeof answer === "object" && answer !== null && "_tag" in answer ? String(answer._tag) : ""

/** The store of outcomes as payment, shipping and mail meet it. */
export const outcomes = (operation: Operation) =>
  Layer.effect(
    Outcomes,
    Effect.map(Outcomes, (store) => {
      const silence = new OutcomesUnavailable()
      const at = <A, E>(what: string, key: string, effect: Effect.Effect<A, E>) =>
        operation({ where: `outcomes, ${what} ${key.slice(0, key.indexOf(":"))}`, silence }, effect)
      return {
        find: (key) => at("find", key, store.find(key)),
        putIfAbsent: (key, text, timeToLive) => at("put", key, store.putIfAbsent(key, text, timeToLive)),
        replace: (key, expected, text) => at("replace", key, store.replace(key, expected, text)),
        remove: (key, expected) => at("remove", key, store.remove(key, expected)),
        claim: (key, attempt) => at("claim", key, store.claim(key, attempt)),
        settle: (key, owner, expected, text) => at("settle", key, store.settle(key, owner, expected, text)),
        release: (key, owner) => at("release", key, store.release(key, owner))
      }
    })
  )
