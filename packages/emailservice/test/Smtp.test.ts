import { CallFailed } from "@retro/contract/Contract"
import { MailUnavailable } from "@retro/contract/EmailService"
import { codes } from "@retro/contract/Status"
import { Mailer } from "../src/Mailer.ts"
import { layerSmtp } from "../src/Smtp.ts"
import { render } from "../src/OrderConfirmation.ts"
import { describe, it } from "@effect/vitest"
import { assertEquals, assertTrue } from "@effect/vitest/utils"
import { ConfigProvider, Effect, Either } from "effect"
import { type AddressObject, simpleParser } from "mailparser"
import { SMTPServer, type SMTPServerOptions } from "smtp-server"
import { email, order } from "./Orders.ts"

/** A real mail server on a free port, for as long as the scope lives. */
const server = (options: SMTPServerOptions) =>
  Effect.acquireRelease(
    Effect.async<{ port: number; server: SMTPServer }>((resume) => {
      const smtp = new SMTPServer({ authOptional: true, disabledCommands: ["STARTTLS"], ...options })
      smtp.on("error", () => {})
      smtp.listen(0, "127.0.0.1", () => {
        const address = smtp.server.address()
        const port = typeof address === "object" && address !== null ? address.port : 0
        resume(Effect.succeed({ port, server: smtp }))
      })
    }),
    ({ server }) => Effect.async<void>((resume) => server.close(() => resume(Effect.void)))
  )

const mail = { id: "0123456789abcdef", to: email, ...render(order()) }

const sendTo = (port: number, credentials = "") =>
  Effect.flatMap(Mailer, ({ send }) => Effect.either(send(mail))).pipe(
    Effect.provide(layerSmtp),
    Effect.withConfigProvider(
      ConfigProvider.fromMap(
        new Map([
          ["SMTP_URL", `smtp://${credentials}127.0.0.1:${port}`],
          ["MAIL_FROM", "Shop <shop@example.org>"]
        ])
      )
    )
  )

const refused = Either.left(new MailUnavailable())
const says = (code: number) => Object.assign(new Error("no"), { responseCode: code })

describe("Mailer over SMTP", () => {
  it.scopedLive("hands the message over, text and HTML, under its own id", () =>
    Effect.gen(function* () {
      const chunks: Array<Buffer> = []
      const envelopes: Array<string> = []
      const { port } = yield* server({
        onData: (stream, session, done) => {
          envelopes.push(...session.envelope.rcptTo.map(({ address }) => address))
          stream.on("data", (chunk: Buffer) => chunks.push(chunk)).on("end", () => done())
        }
      })
      assertTrue(Either.isRight(yield* sendTo(port)))
      assertEquals(envelopes.join(), "ada.canary@example.com")
      const received = yield* Effect.promise(() => simpleParser(Buffer.concat(chunks)))
      const { from, html, messageId, subject, text, to } = received
      assertEquals(subject, "Your Retro Station order 0F8B7C1E")
      assertEquals(from?.text, '"Shop" <shop@example.org>')
      assertEquals(
        [to]
          .flat()
          .map((one: AddressObject | undefined) => one?.text)
          .join(),
        "ada.canary@example.com"
      )
      assertEquals(messageId, "<0123456789abcdef@mail.retro-station.example>")
      assertEquals(html, mail.html)
      assertTrue(text?.includes("Moon & Meadow"))
    })
  )

  it.scopedLive("logs in with the credentials of its address", () =>
    Effect.gen(function* () {
      const logins: Array<string> = []
      const { port } = yield* server({
        authOptional: false,
        onAuth: ({ password, username }, _session, done) => {
          logins.push(`${username}:${password}`)
          done(null, { user: username })
        },
        onData: (stream, _session, done) => stream.resume().on("end", () => done())
      })
      assertTrue(Either.isRight(yield* sendTo(port, "shop:s3cret@")))
      assertEquals(logins.join(), "shop:s3cret")
    })
  )

  it.scopedLive("says that nothing was sent where the server refuses it", () =>
    Effect.gen(function* () {
      const recipient = yield* server({ onRcptTo: (_address, _session, done) => done(says(550)) })
      assertEquals(yield* sendTo(recipient.port), refused)
      const login = yield* server({ authOptional: false, onAuth: (_auth, _session, done) => done(says(535)) })
      assertEquals(yield* sendTo(login.port, "shop:wrong@"), refused)
      const message = yield* server({ onData: (stream, _s, done) => stream.resume().on("end", () => done(says(451))) })
      assertEquals(yield* sendTo(message.port), refused)
    })
  )

  it.scopedLive("says that nothing was sent where no server listens", () =>
    Effect.gen(function* () {
      const { port } = yield* Effect.scoped(server({}))
      assertEquals(yield* sendTo(port), refused)
    })
  )

  it.scopedLive("has no verdict where the connection ends after the message and before the answer", () =>
    Effect.gen(function* () {
      const sockets = new Set<{ destroy: () => void }>()
      const { port, server: smtp } = yield* server({
        onData: (stream) => stream.resume().on("end", () => sockets.forEach((socket) => socket.destroy()))
      })
      smtp.server.on("connection", (socket) => sockets.add(socket))
      const nothing = Either.left(new CallFailed({ path: "", code: codes.UNAVAILABLE }))
      assertEquals(yield* sendTo(port), nothing)
    })
  )
})
