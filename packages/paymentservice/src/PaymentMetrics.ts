import { Cause, Effect, Exit, Metric, Option } from "effect"

/** Charges by how they ended: "charged", or the tag of what came instead. What is replayed is not counted again. */
const charges = Metric.counter("payment_charges_total", {
  description: "Charges that were asked of the card network or refused before, by how they ended.",
  incremental: true
})

/** Charges given back because their order failed later. */
const refunds = Metric.counter("payment_refunds_total", {
  description: "Charges that were given back.",
  incremental: true
})

/** Counts a charge in, once it has ended. */
export const countCharge = <A, E extends { readonly _tag: string }, R>(charge: Effect.Effect<A, E, R>) =>
  Effect.onExit(charge, (exit) => Metric.increment(Metric.tagged(charges, "outcome", outcomeOf(exit))))

/** Counts a refund in, once it was made. */
export const countRefund = <A, E, R>(refund: Effect.Effect<A, E, R>) =>
  Effect.tap(refund, () => Metric.increment(refunds))

const outcomeOf = (exit: Exit.Exit<unknown, { readonly _tag: string }>): string =>
  Exit.isSuccess(exit)
    ? "charged"
    : Option.match(Cause.failureOption(exit.cause), { onNone: () => "unknown", onSome: ({ _tag }) => _tag })
