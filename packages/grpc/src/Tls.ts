import * as grpc from "@grpc/grpc-js"
import { Config, ConfigError, Either, Option, Redacted } from "effect"
import { createPrivateKey, X509Certificate } from "node:crypto"
import { readFileSync } from "node:fs"

/** What a server shows its callers, and a caller its servers: a certificate with what leads up to it, and its key, in PEM. */
interface Identity {
  readonly certificate: Buffer
  readonly key: Redacted.Redacted<Buffer>
}

/** What the variables say; nothing at all where no variable is set. */
interface Files {
  readonly identity: Option.Option<Identity>
  /** Whose certificates are believed, in PEM. */
  readonly authority: Option.Option<Buffer>
}

/** A PEM file that a variable names. What is wrong with it is told without what is in it. */
const file = (variable: string, expected: string, isRight: (content: Buffer) => unknown) =>
  Config.option(
    Config.mapOrFail(Config.nonEmptyString(variable), (path) =>
      Either.try({
        try: () => {
          const content = readFileSync(path)
          isRight(content)
          return content
        },
        catch: () => ConfigError.InvalidData([], `expected a file with ${expected} in PEM form`)
      })
    )
  )

/** `GRPC_TLS_CERT`, `GRPC_TLS_KEY` and `GRPC_TLS_CA`: read when the process starts. */
const files: Config.Config<Files> = Config.all({
  certificate: file("GRPC_TLS_CERT", "a certificate", (content) => new X509Certificate(content)),
  key: file("GRPC_TLS_KEY", "a private key", createPrivateKey),
  authority: file("GRPC_TLS_CA", "the certificate of an authority", (content) => new X509Certificate(content))
}).pipe(
  Config.mapOrFail(({ authority, certificate, key }) => {
    if (Option.isNone(certificate) && Option.isNone(key)) return Either.right({ identity: Option.none(), authority })
    if (Option.isNone(certificate)) return missing("GRPC_TLS_CERT", "GRPC_TLS_KEY")
    if (Option.isNone(key)) return missing("GRPC_TLS_KEY", "GRPC_TLS_CERT")
    if (!new X509Certificate(certificate.value).checkPrivateKey(createPrivateKey(key.value)))
      return Either.left(ConfigError.InvalidData(["GRPC_TLS_KEY"], "expected the key of the certificate GRPC_TLS_CERT"))
    return Either.right({
      identity: Option.some({ certificate: certificate.value, key: Redacted.make(key.value) }),
      authority
    })
  })
)

const missing = (variable: string, other: string) =>
  Either.left(ConfigError.InvalidData([variable], `expected a file, since ${other} is set`))

/** For a server: TLS with its certificate; callers must show one of the authority where that is set. Plain without. */
export const server: Config.Config<grpc.ServerCredentials> = Config.mapOrFail(files, ({ authority, identity }) =>
  Option.match(identity, {
    onNone: () =>
      Option.isSome(authority)
        ? missing("GRPC_TLS_CERT", "GRPC_TLS_CA")
        : Either.right(grpc.ServerCredentials.createInsecure()),
    onSome: ({ certificate, key }) =>
      Either.right(
        grpc.ServerCredentials.createSsl(
          Option.getOrNull(authority),
          [{ cert_chain: certificate, private_key: Redacted.value(key) }],
          Option.isSome(authority)
        )
      )
  })
)

/**
 * For a caller: TLS to servers with a certificate of the authority (of one that node knows, where none is set), to which
 * it shows its own if it has one. Plain where no variable is set.
 */
export const client: Config.Config<grpc.ChannelCredentials> = Config.map(files, ({ authority, identity }) => {
  if (Option.isNone(authority) && Option.isNone(identity)) return grpc.credentials.createInsecure()
  const own = Option.getOrUndefined(identity)
  return grpc.credentials.createSsl(
    Option.getOrNull(authority),
    own === undefined ? null : Redacted.value(own.key),
    own === undefined ? null : own.certificate
  )
})
