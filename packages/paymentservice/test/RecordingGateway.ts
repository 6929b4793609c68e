import { CardDeclined } from "@retro/contract/PaymentService"
import { PaymentGateway, transactionId } from "../src/PaymentGateway.ts"
import type { TransactionId } from "@retro/domain/Ids"
import { Context, type Duration, Effect, Layer } from "effect"

/** What the network did: each key's charge, and the charges given back. */
export class Statement extends Context.Tag("test/Statement")<
  Statement,
  {
    readonly charged: Map<string, TransactionId>
    readonly refunded: Map<TransactionId, TransactionId>
    readonly asked: { charges: number }
  }
>() {}

/** A network that remembers by key, answers after a while, and can lose its answer after charging. */
export const layer = (options: { readonly takes?: Duration.DurationInput; readonly losesAnswers?: number } = {}) =>
  Layer.effectContext(
    Effect.sync(() => {
      const charged = new Map<string, TransactionId>()
      const refunded = new Map<TransactionId, TransactionId>()
      const cancelled = new Set<string>()
      const asked = { charges: 0 }
      const once = <K>(done: Map<K, TransactionId>, key: K) =>
        Effect.tap(transactionId, (id) => done.set(key, done.get(key) ?? id)).pipe(
          Effect.map((id) => done.get(key) ?? id)
        )
      const gateway = PaymentGateway.of({
        enroll: () => Effect.succeed("approved"),
        charge: ({ key }) =>
          Effect.gen(function* () {
            yield* Effect.sleep(options.takes ?? 0)
            if (cancelled.has(key)) return yield* new CardDeclined({ reason: "stolen-card" })
            const id = yield* once(charged, key)
            return ++asked.charges <= (options.losesAnswers ?? 0) ? yield* Effect.never : id
          }),
        refund: (transaction) => once(refunded, transaction),
        cancel: (key) => {
          cancelled.add(key)
          const id = charged.get(key)
          return id === undefined ? Effect.succeedNone : Effect.asSome(once(refunded, id))
        }
      })
      return Context.make(PaymentGateway, gateway).pipe(Context.add(Statement, { charged, refunded, asked }))
    })
  )

/** Keys whose charge was never given back. */
export const kept = ({ charged, refunded }: Context.Tag.Service<Statement>): ReadonlyArray<string> =>
  [...charged].filter(([, id]) => !refunded.has(id)).map(([key]) => key)
