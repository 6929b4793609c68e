import { EmailService } from "@retro/contract/EmailService"
import { IdempotencyKeyReused } from "@retro/contract/IdempotencyKeyReused"
import { OrderId } from "@retro/domain/Ids"
import { Mailbox } from "../src/Mailer.ts"
import { describe, it } from "@effect/vitest"
import { assertEquals, assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { Effect, Either, type Layer, Option, Redacted, TestClock } from "effect"
import { confirmation, email, order } from "./Orders.ts"

/** What the e-mail service promises, with captured mail, over every wiring. */
export const emailSuite = <E>(wiring: string, layer: Layer.Layer<EmailService | Mailbox, E>) =>
  describe(`Email, ${wiring}`, () => {
    const test = (law: string, body: Effect.Effect<void, unknown, EmailService | Mailbox>) =>
      it.effect(law, () => Effect.provide(body, layer))

    test(
      "sends the confirmation to who ordered",
      Effect.gen(function* () {
        const mail = yield* EmailService
        const mailbox = yield* Mailbox
        yield* TestClock.setTime(5000)
        yield* mail.sendOrderConfirmation(confirmation)
        const sent = yield* mailbox.list
        assertEquals(sent.length, 1)
        for (const { at, html, id, subject, text, to } of sent) {
          assertEquals(Redacted.value(to), Redacted.value(email))
          assertEquals(subject, "Your Retro Station order 0F8B7C1E")
          assertTrue(html.includes(confirmation.order.orderId))
          assertTrue(text.includes(confirmation.order.orderId))
          assertEquals(at.epochMillis, 5000)
          deepStrictEqual(yield* mailbox.get(id), Option.fromNullable(sent[0]))
          assertTrue(!id.includes("order-0001"))
        }
        assertEquals(yield* mailbox.get("nothing"), Option.none())
      })
    )

    test(
      "R1: sends a key once",
      Effect.gen(function* () {
        const mail = yield* EmailService
        const mailbox = yield* Mailbox
        yield* mail.sendOrderConfirmation(confirmation)
        yield* mail.sendOrderConfirmation(confirmation)
        assertEquals((yield* mailbox.list).length, 1)
      })
    )

    test(
      "sends each time for an old client without a key",
      Effect.gen(function* () {
        const mail = yield* EmailService
        const mailbox = yield* Mailbox
        yield* mail.sendOrderConfirmation({ ...confirmation, idempotencyKey: undefined })
        yield* mail.sendOrderConfirmation({ ...confirmation, idempotencyKey: undefined })
        assertEquals(new Set((yield* mailbox.list).map(({ id }) => id)).size, 2)
      })
    )

    test(
      "R1: refuses a key that stands for somebody else or another order",
      Effect.gen(function* () {
        const mail = yield* EmailService
        const mailbox = yield* Mailbox
        yield* mail.sendOrderConfirmation(confirmation)
        const reused = Either.left(new IdempotencyKeyReused())
        const somebody = { ...confirmation, email: Redacted.make("somebody@example.com") }
        assertEquals(yield* Effect.either(mail.sendOrderConfirmation(somebody)), reused)
        const orderId = OrderId.make("11111111-3d5a-4b6c-9e21-7a4c5d6e7f80")
        const another = { ...confirmation, order: order({ orderId }) }
        assertEquals(yield* Effect.either(mail.sendOrderConfirmation(another)), reused)
        assertEquals((yield* mailbox.list).length, 1)
      })
    )
  })
