import { ConfigProvider, Effect, Layer } from "effect"
import { parseArgs } from "node:util"

/** `--port 9000` on the command line counts as `PORT`. */
export const layer = Layer.unwrapEffect(
  Effect.configProviderWith((environment) =>
    Effect.sync(() => {
      const { values } = parseArgs({ options: { port: { type: "string" } }, strict: false })
      const given = typeof values.port === "string" ? [["PORT", values.port] as const] : []
      return Layer.setConfigProvider(ConfigProvider.orElse(ConfigProvider.fromMap(new Map(given)), () => environment))
    })
  )
)
