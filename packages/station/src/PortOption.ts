import { ConfigProvider, Data, Effect, Layer } from "effect"
import { parseArgs } from "node:util"

/** The command line says something that the shop does not understand. */
export class UnknownOption extends Data.TaggedError("UnknownOption")<{}> {
  override readonly message = "the command line: expected nothing, or --port with a number from 0 to 65535"
}

/**
 * `--port 9000` on the command line is `PORT`, whatever the environment says. `HOST` is this machine alone unless the
 * environment says otherwise: a shop with a dev mailbox is not for the neighbours.
 */
export const layer = Layer.unwrapEffect(
  Effect.gen(function* () {
    const port = yield* given
    const environment = yield* Effect.configProviderWith(Effect.succeed)
    const option = ConfigProvider.fromMap(new Map(port === undefined ? [] : [["PORT", port]]))
    return Layer.setConfigProvider(
      option.pipe(
        ConfigProvider.orElse(() => environment),
        ConfigProvider.orElse(() => thisMachine)
      )
    )
  })
)

const thisMachine = ConfigProvider.fromMap(new Map([["HOST", "127.0.0.1"]]))

const given = Effect.try({
  try: () => parseArgs({ options: { port: { type: "string" } } }).values.port,
  catch: () => new UnknownOption()
}).pipe(
  Effect.filterOrFail(
    (port) => port === undefined || (/^\d{1,5}$/.test(port) && Number(port) <= 65_535),
    () => new UnknownOption()
  )
)
