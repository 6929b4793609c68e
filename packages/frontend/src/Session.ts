import { createHmac, randomBytes, timingSafeEqual } from "node:crypto"
import { UserId } from "@retro/domain/Ids"
import { Clock, Config, Context, Effect, Layer, Option, Redacted } from "effect"
import { CookieJar, maxAge } from "./CookieJar.ts"
import * as Remembered from "./Remembered.ts"
import type { Request } from "./Request.ts"

/** Who a request comes from, as far as we care: the same browser as before. */
export interface Session {
  /** A keyed hash of the session's id: whose cart and orders. */
  readonly userId: UserId
  /** Eight characters that tell sessions apart on a page and give nothing away. */
  readonly displayHash: string
  /** When the cookie should be set (it is new, or older than a day), the header that does it. */
  readonly cookie: string | undefined
}

const cookieName = "shop_session-id"
const refreshAfter = 24 * 60 * 60

/**
 * Sessions kept in a cookie: 144 random bits, the second they were given out, and an HMAC-SHA256 over both. What does not
 * verify, or is older than 30 days, is replaced, never trusted.
 */
export class Sessions extends Context.Tag("@retro/frontend/Sessions")<
  Sessions,
  {
    readonly of: (request: Request) => Effect.Effect<Session>
    /** The header that ends the session in this browser. */
    readonly forget: (request: Request) => string
  }
>() {
  /** `SESSION_KEY`, the same for all replicas; outside production one is made up when it is missing. */
  static readonly layerConfig = Layer.effect(
    Sessions,
    Effect.gen(function* () {
      const jar = yield* CookieJar
      const key = yield* sessionKey
      const verified = Remembered.make(capacity, (cookie: string) => verify(key, cookie))
      return {
        of: (request) =>
          Effect.map(Clock.currentTimeMillis, (millis) => {
            const now = Math.floor(millis / 1000)
            const known = verified(jar.read(request, cookieName) ?? "")
            const age = known === undefined ? Infinity : now - known.issued
            if (known !== undefined && age < refreshAfter) return known.session
            const { id, session } = known !== undefined && age <= maxAge ? known : begin(key)
            return { ...session, cookie: jar.write(request, cookieName, sign(key, id, now)) }
          }),
        forget: (request) => jar.forget(request, cookieName)
      }
    })
  )
}

const sessionKey = Effect.gen(function* () {
  const given = yield* Config.option(Config.redacted("SESSION_KEY")).pipe(
    Config.validate({
      message: "a text of at least 32 characters",
      validation: Option.match({ onNone: () => true, onSome: (key) => Redacted.value(key).length >= 32 })
    })
  )
  if (Option.isSome(given)) return given.value
  const mode = yield* Config.string("NODE_ENV").pipe(Config.withDefault("development"))
  if (mode === "production") return yield* Config.redacted("SESSION_KEY")
  yield* Effect.logWarning("SESSION_KEY is not set: sessions end when this process does")
  return Redacted.make(randomBytes(32).toString("base64url"))
})

const mac = (key: Redacted.Redacted, purpose: string, text: string): Buffer =>
  createHmac("sha256", Redacted.value(key)).update(`${purpose}\0${text}`).digest()

const sign = (key: Redacted.Redacted, id: string, issued: number): string => {
  const signed = `${id}.${issued.toString(36)}`
  return `${signed}.${signatureOf(key, signed)}`
}

const signatureOf = (key: Redacted.Redacted, signed: string): string => mac(key, "cookie", signed).toString("base64url")

/** A session whose cookie is one of ours, however old. */
interface Verified {
  readonly id: string
  /** In seconds of the Unix epoch. */
  readonly issued: number
  readonly session: Session
}

/** How many of them are remembered: three hashes cost a tenth of a page. */
const capacity = 5_000

const verify = (key: Redacted.Redacted, cookie: string): Verified | undefined => {
  const [, signed, id, time, signature] = /^(([\w-]{24})\.([0-9a-z]{1,9}))\.([\w-]{43})$/.exec(cookie) ?? []
  if (signed === undefined || id === undefined || time === undefined || signature === undefined) return undefined
  // As texts: the last character has bits that no byte is made of.
  if (!timingSafeEqual(Buffer.from(signature), Buffer.from(signatureOf(key, signed)))) return undefined
  return { id, issued: Number.parseInt(time, 36), session: named(key, id) }
}

const begin = (key: Redacted.Redacted) => {
  const id = randomBytes(18).toString("base64url")
  return { id, session: named(key, id) }
}

/** Both names of a session: parts of one keyed hash, so that neither tells the other or the id. */
const named = (key: Redacted.Redacted, id: string): Session => {
  const hash = mac(key, "user", id).toString("base64url")
  return { userId: UserId.make(hash.slice(0, 32)), displayHash: hash.slice(32, 40), cookie: undefined }
}
