import { ConfigProvider, Data, Effect, Layer } from "effect"
import { parseArgs } from "node:util"

/** The command line says something that the shop does not understand. */
export class UnknownOption extends Data.TaggedError("UnknownOption")<{}> {
  override readonly message = "the command line: expected nothing, or --port with a number from 0 to 65535"
}

/** `--port 9000` on the command line is `PORT`, whatever the environment says. */
export const layer = Layer.unwrapEffect(
  Effect.gen(function* () {
    const port = yield* given
    const environment = yield* Effect.configProviderWith(Effect.succeed)
    if (port === undefined) return Layer.empty
    const option = ConfigProvider.fromMap(new Map([["PORT", port]]))
    return Layer.setConfigProvider(ConfigProvider.orElse(option, () => environment))
  })
)

const given = Effect.try({
  try: () => parseArgs({ options: { port: { type: "string" } } }).values.port,
  catch: () => new UnknownOption()
}).pipe(
  Effect.filterOrFail(
    (port) => port === undefined || (/^\d{1,5}$/.test(port) && Number(port) <= 65_535),
    () => new UnknownOption()
  )
)
