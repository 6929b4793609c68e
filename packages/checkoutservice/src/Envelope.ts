import * as PiiKey from "@retro/outcomes/PiiKey"
import { type ConfigError, Context, Effect, Either, Layer, Redacted, Schema } from "effect"
import { createCipheriv, createDecipheriv, createHmac, randomBytes } from "node:crypto"

/** The envelope was sealed with another key, or changed on its way. */
export class EnvelopeBroken extends Schema.TaggedError<EnvelopeBroken>()("EnvelopeBroken", {}) {}

/** Seals what names a person before it is written anywhere: AES-256-GCM, a nonce of its own for each text. */
export class Envelope extends Context.Tag("@retro/checkoutservice/Envelope")<
  Envelope,
  {
    readonly seal: (text: string) => string
    readonly open: (sealed: string) => Either.Either<string, EnvelopeBroken>
    /** Tells two texts apart without telling what they are: HMAC-SHA256 under the same secret. */
    readonly print: (text: string) => string
  }
>() {}

const algorithm = "aes-256-gcm"
const [nonceBytes, tagBytes] = [12, 16]

/** Builds an envelope for a key of 32 bytes. */
export const make = (key: Redacted.Redacted<Buffer>): typeof Envelope.Service => ({
  seal: (text) => {
    const nonce = randomBytes(nonceBytes)
    const cipher = createCipheriv(algorithm, Redacted.value(key), nonce)
    const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final()])
    return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString("base64")
  },
  open: (sealed) =>
    Either.try({
      try: () => {
        const bytes = Buffer.from(sealed, "base64")
        const decipher = createDecipheriv(algorithm, Redacted.value(key), bytes.subarray(0, nonceBytes))
        decipher.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes))
        return decipher.update(bytes.subarray(nonceBytes + tagBytes), undefined, "utf8") + decipher.final("utf8")
      },
      catch: () => new EnvelopeBroken()
    }),
  print: (text) => createHmac("sha256", Redacted.value(key)).update(text).digest("base64url")
})

/** A key that lives as long as the process: for a shop that keeps its orders in memory. */
export const layerGenerated: Layer.Layer<Envelope> = Layer.sync(Envelope, () =>
  make(Redacted.make(randomBytes(PiiKey.length)))
)

/** The key in `PII_KEY`. */
export const layerConfig: Layer.Layer<Envelope, ConfigError.ConfigError> = Layer.effect(
  Envelope,
  Effect.map(PiiKey.config, make)
)
