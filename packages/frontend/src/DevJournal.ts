import { Context, type Effect } from "effect"

/** The journal of an order, without anything of its shopper; times in milliseconds of the Unix epoch. */
export interface Journal {
  readonly id: string
  readonly program: string
  readonly state: "in-flight" | "parked" | "done" | "failed" | "compensated"
  readonly begunAt: number
  readonly attempts: number
  readonly leasedUntil: number | undefined
  readonly steps: ReadonlyArray<{ readonly name: string; readonly outcome: string }>
}

/** The journals of the shop's orders, shown in development. Where nobody provides it there is no such page. */
export class DevJournal extends Context.Tag("@retro/frontend/DevJournal")<
  DevJournal,
  {
    /** Newest first; those that wait for an operator among them, however old. */
    readonly list: Effect.Effect<ReadonlyArray<Journal>>
    /** Puts a parked one back, to be gone on with at once. */
    readonly retry: (id: string) => Effect.Effect<void>
  }
>() {}
