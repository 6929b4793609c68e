import { EmailService, MailUnavailable } from "@retro/contract/EmailService"
import { Mailbox, Mailer, capacity, layerCaptured } from "../src/Mailer.ts"
import * as Email from "../src/Email.ts"
import * as Loopback from "@retro/grpc/Loopback"
import * as OutcomesMemory from "@retro/outcomes/OutcomesMemory"
import { describe, it } from "@effect/vitest"
import { assertEquals, assertFalse, assertTrue } from "@effect/vitest/utils"
import { Effect, Either, Layer, Logger, LogLevel, Ref } from "effect"
import * as Leavings from "../../outcomes/test/Leavings.ts"
import { emailSuite } from "./EmailSuite.ts"
import { confirmation } from "./Orders.ts"

const program = Layer.provide(Email.layer, OutcomesMemory.layerMemory)

emailSuite("directly", Layer.provideMerge(program, layerCaptured))
emailSuite("over gRPC", Layer.provideMerge(Loopback.layer(EmailService, program), layerCaptured))

/** A mail server that takes nothing while the flag is up. */
const failing = (down: Ref.Ref<boolean>) =>
  Layer.effect(
    Mailer,
    Effect.map(Mailer, ({ send }) => ({
      send: (mail: Parameters<typeof send>[0]) =>
        Effect.if(Ref.get(down), { onTrue: () => new MailUnavailable(), onFalse: () => send(mail) })
    }))
  )

describe("Email, over a mail server that fails", () => {
  it.effect("D14: says that nothing was sent, and sends when it is asked again", () =>
    Effect.gen(function* () {
      const down = yield* Ref.make(true)
      yield* Effect.gen(function* () {
        const mail = yield* EmailService
        const mailbox = yield* Mailbox
        const unavailable = Either.left(new MailUnavailable())
        assertEquals(yield* Effect.either(mail.sendOrderConfirmation(confirmation)), unavailable)
        assertEquals((yield* mailbox.list).length, 0)
        yield* Ref.set(down, false)
        yield* mail.sendOrderConfirmation(confirmation)
        assertEquals((yield* mailbox.list).length, 1)
        yield* Ref.set(down, true)
        yield* mail.sendOrderConfirmation(confirmation)
      }).pipe(Effect.provide(Layer.provide(program, failing(down)).pipe(Layer.provideMerge(layerCaptured))))
    })
  )
})

describe("Mailbox", () => {
  it.effect("shows the newest first and forgets the oldest", () =>
    Effect.gen(function* () {
      const mailer = yield* Mailer
      const mailbox = yield* Mailbox
      const ids = Array.from({ length: capacity + 5 }, (_, index) => `mail${index}`)
      yield* Effect.forEach(ids, (id) => mailer.send({ id, to: confirmation.email, subject: "", html: "", text: "" }))
      const listed = (yield* mailbox.list).map(({ id }) => id)
      assertEquals(listed.join(), ids.slice(5).reverse().join())
    }).pipe(Effect.provide(layerCaptured))
  )
})

describe("Email, what it leaves behind", () => {
  it.effect("D16, R3: no log line and no stored text names who ordered", () =>
    Effect.gen(function* () {
      const left = Leavings.make()
      const down = yield* Ref.make(false)
      yield* Effect.gen(function* () {
        const mail = yield* EmailService
        yield* mail.sendOrderConfirmation(confirmation)
        yield* Ref.set(down, true)
        const again = mail.sendOrderConfirmation({ ...confirmation, idempotencyKey: undefined })
        yield* Effect.either(Effect.tapErrorCause(again, Effect.logError))
      }).pipe(
        Effect.provide(
          Email.layer.pipe(
            Layer.provide(left.outcomes),
            Layer.provide(failing(down)),
            Layer.provide(layerCaptured),
            Layer.provideMerge(left.logger)
          )
        ),
        Logger.withMinimumLogLevel(LogLevel.All)
      )
      const all = left.texts.join("\n")
      assertTrue(all.includes("order confirmation sent"))
      for (const canary of ["ada.canary", "Canary", "example.com", "London", "E14"]) assertFalse(all.includes(canary))
    })
  )
})
