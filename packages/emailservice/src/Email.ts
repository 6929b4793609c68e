import { EmailService } from "@retro/contract/EmailService"
import * as Once from "@retro/outcomes/Once"
import { Duration, Effect, Layer, Redacted, Schema } from "effect"
import { createHash } from "node:crypto"
import { Mailer } from "./Mailer.ts"
import * as OrderConfirmation from "./OrderConfirmation.ts"

/** Writes confirmations and hands them to the mailer, each key once. */
export const layer = Layer.effect(
  EmailService,
  Effect.gen(function* () {
    const mailer = yield* Mailer
    const mails = yield* Once.make({
      space: "mail",
      success: Schema.Literal("sent"),
      // A mail server that takes nothing is asked again: its refusal is final for no key.
      failure: Schema.Never,
      // Mail servers make strangers wait.
      patience: Duration.seconds(10)
    })

    return EmailService.of({
      sendOrderConfirmation: Effect.fnUntraced(function* ({ email, idempotencyKey, order }) {
        const key = idempotencyKey ?? (yield* Once.anyKey)
        const { orderId } = order
        const send = mailer
          .send({ id: idOf(key), to: email, ...OrderConfirmation.render(order) })
          .pipe(
            Effect.zipRight(Effect.annotateLogs(Effect.logInfo("order confirmation sent"), { orderId })),
            Effect.as("sent" as const)
          )
        yield* mails.run({ key, input: JSON.stringify([Redacted.value(email), orderId]), effect: send })
      })
    })
  })
)

/** The same for the same key, so that mail servers can tell a message that comes twice; says nothing about the key. */
const idOf = (key: string) => createHash("sha256").update(`mail ${key}`).digest("hex").slice(0, 32)
