import * as Entries from "@retro/outcomes/Entries"
import { Outcomes } from "@retro/outcomes/Outcomes"
import * as OutcomesRedis from "@retro/outcomes/OutcomesRedis"
import { Context, Effect, Layer, Option, Schedule } from "effect"
import * as RedisServer from "../../redis/test/RedisServer.ts"
import type { Bundled } from "./Bundled.ts"

/** What was done for an order, whatever anybody says of it. */
export interface Truth {
  /** How often each was done, counted where it was done. */
  readonly charges: number
  readonly parcels: number
  readonly mails: number
  /** What is left of it. */
  readonly paid: boolean
  readonly shipped: boolean
  readonly mailed: boolean
}

/** Reads the outcomes of the services in Redis, and what their logs say of each deed. */
export const make = Effect.fnUntraced(function* (
  redis: Pick<RedisServer.RedisServer, "address">,
  services: Readonly<Record<"payment" | "shipping" | "email", Pick<Bundled, "lines">>>
) {
  const outcomes = yield* Layer.build(Layer.provide(OutcomesRedis.layerRedis, RedisServer.at(redis.address))).pipe(
    Effect.map(Context.get(Outcomes)),
    Effect.orDie
  )
  const read = (space: string, key: string) =>
    outcomes
      .find(Entries.nameOf(space, key))
      .pipe(Effect.retry(Schedule.spaced("50 millis")), Effect.map(Option.getOrElse(() => "")), Effect.orDie)
  const done = ({ lines }: Pick<Bundled, "lines">, message: string, attribute: string, value: string | undefined) =>
    lines.filter((line) => line.includes(`"message":"${message}"`) && line.includes(`"${attribute}":"${value}"`)).length

  const of = Effect.fnUntraced(function* (orderId: string) {
    const charge = yield* read("charge", `${orderId}:charge`)
    const refund = yield* read("refund", `${orderId}:charge`)
    const ship = yield* read("ship", `${orderId}:ship`)
    const mail = yield* read("mail", `${orderId}:mail`)
    const [transactionId, trackingId] = [field(charge, "transactionId"), field(ship, "trackingId")]
    const truth: Truth = {
      charges: done(services.payment, "card charged", "transactionId", transactionId),
      parcels: done(services.shipping, "parcel shipped", "trackingId", trackingId),
      mails: done(services.email, "order confirmation sent", "orderId", orderId),
      paid: transactionId !== undefined && field(refund, "refundId") === undefined,
      shipped: trackingId !== undefined,
      mailed: field(mail, "right") === "sent"
    }
    return truth
  })

  /** The charges and parcels that were made, by the names that whoever made them gave them. */
  const deeds = ({ lines }: Pick<Bundled, "lines">, name: string) => lines.flatMap((line) => field(line, name) ?? [])

  return {
    of,
    transactions: () => deeds(services.payment, "transactionId"),
    parcels: () => deeds(services.shipping, "trackingId")
  }
})

/** What was done for an order, once its mail was sent, or would have been by now. */
export const settled = (truth: Effect.Effect<Truth>): Effect.Effect<Truth> =>
  truth.pipe(
    Effect.repeat({
      until: ({ mailed }) => mailed,
      schedule: Schedule.upTo(Schedule.spaced("100 millis"), "20 seconds")
    }),
    Effect.zipRight(truth)
  )

/** A text field of an outcome, as it stands in its JSON. */
const field = (outcome: string, name: string) => new RegExp(`"${name}":"([^"]+)"`).exec(outcome)?.[1]
