import { Config, ConfigError, Either, Redacted } from "effect"

/** How long the key is, in bytes. */
export const length = 32

/**
 * `PII_KEY`, {@link length} bytes in base64: the secret under which everything at rest names people and their cards. All
 * replicas share it, and the services do. A refusal does not repeat the value.
 */
export const config: Config.Config<Redacted.Redacted<Buffer>> = Config.redacted("PII_KEY").pipe(
  Config.mapOrFail((text) => {
    const key = Buffer.from(Redacted.value(text), "base64")
    return key.length === length
      ? Either.right(Redacted.make(key))
      : Either.left(ConfigError.InvalidData(["PII_KEY"], `expected ${length} bytes in base64`))
  })
)
