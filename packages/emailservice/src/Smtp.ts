import { ATTR_NETWORK_PROTOCOL_NAME, ATTR_SERVER_ADDRESS, ATTR_SERVER_PORT } from "@opentelemetry/semantic-conventions"
import { CallFailed } from "@retro/contract/Contract"
import { MailUnavailable } from "@retro/contract/EmailService"
import { codes } from "@retro/contract/Status"
import * as Spans from "@retro/telemetry/Spans"
import { Config, Duration, Effect, Layer, Redacted } from "effect"
import { type Mail, Mailer } from "./Mailer.ts"

/** How long the server may keep silent at any one step of the conversation. */
const silence = Duration.toMillis("5 seconds")

const settings = Config.all({
  /** smtp://user:password@host:587, or smtps:// for TLS from the first byte. */
  url: Config.redacted("SMTP_URL"),
  from: Config.string("MAIL_FROM").pipe(Config.withDefault("Retro Station <orders@retro-station.example>"))
})

/** Only where there is a mail server: without one a process needs neither the time to read it nor its memory. */
const nodemailer = Effect.map(
  Effect.promise(() => import("nodemailer")),
  // It is CommonJS, of which a bundle that imports it late knows this one name.
  (library) => library.default
)

/** Delivers through the mail server at `SMTP_URL`, in the name of `MAIL_FROM`. */
export const layerSmtp = Layer.effect(
  Mailer,
  Effect.zipWith(settings, nodemailer, ({ from, url }, { createTransport }) => {
    const transport = createTransport({
      url: Redacted.value(url),
      dnsTimeout: silence,
      connectionTimeout: silence,
      greetingTimeout: silence,
      socketTimeout: silence,
      disableFileAccess: true,
      disableUrlAccess: true
    })
    return Mailer.of({
      send: (mail) =>
        Effect.tryPromise({
          try: (signal) => transport.sendMail({ ...messageOf(mail), from, signal }),
          catch: verdictOf
        }).pipe(
          Effect.asVoid,
          Spans.around(() => ({ name: "Smtp.send", kind: "client", attributes: peerOf(url) }))
        )
    })
  })
)

/** Whom it is given to, by the conventions; never for whom. */
const peerOf = (url: Redacted.Redacted): Iterable<readonly [string, string | number]> => {
  const { hostname, port, protocol } = new URL(Redacted.value(url))
  return [
    [ATTR_NETWORK_PROTOCOL_NAME, "smtp"],
    [ATTR_SERVER_ADDRESS, hostname],
    [ATTR_SERVER_PORT, port === "" ? (protocol === "smtps:" ? 465 : 587) : Number(port)]
  ]
}

const messageOf = ({ html, id, subject, text, to }: Mail) => ({
  // An object is no address list to be parsed: nothing in it can add a recipient.
  to: { name: "", address: Redacted.value(to) },
  // RFC 5322 3.6.4: the same message has the same id, so that one that comes twice can be told.
  messageId: `<${id}@mail.retro-station.example>`,
  headers: { "Auto-Submitted": "auto-generated" },
  subject,
  html,
  text
})

/**
 * What an error says of the message: not taken, where the server said so or was never reached; otherwise nobody knows. The
 * error itself goes no further, for it names the recipient.
 */
const verdictOf = (error: unknown): MailUnavailable | CallFailed =>
  isRefusal(error) ? new MailUnavailable() : new CallFailed({ path: "", code: codes.UNAVAILABLE })

const isRefusal = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false
  if ("responseCode" in error || ("syscall" in error && error.syscall === "connect")) return true
  return (
    ("code" in error && beforeTheMessage.has(error.code)) ||
    ("timeoutType" in error && error.timeoutType !== "SOCKET_TIMEOUT")
  )
}

/** Codes of nodemailer for what goes wrong before a message is sent. */
const beforeTheMessage: ReadonlySet<unknown> = new Set(["EDNS", "ETLS", "EAUTH", "ENOAUTH", "EENVELOPE", "ECONFIG"])
