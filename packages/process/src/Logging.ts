import { Config, ConfigError, Effect, Either, Layer, Logger, LogLevel } from "effect"
import * as LogLine from "./LogLine.ts"

/**
 * Logs to standard output, the service's name on every line: JSON where `LOG_FORMAT` is json or `NODE_ENV` production,
 * for people otherwise. `LOG_LEVEL` (info) is the least that is written.
 */
export const layer = (service: string): Layer.Layer<never, ConfigError.ConfigError> =>
  Layer.unwrapEffect(
    Effect.map(Effect.all({ format, level }), ({ format, level }) =>
      Layer.merge(
        Logger.replace(Logger.defaultLogger, logger(service, printers[format])),
        Logger.minimumLogLevel(level)
      )
    )
  )

const logger = (service: string, print: (line: LogLine.LogLine) => string) =>
  Logger.make((entry) => void process.stdout.write(`${print(LogLine.make(service, entry))}\n`))

const printers = {
  json: LogLine.toJson,
  text: (line: LogLine.LogLine) => LogLine.toText(line, process.stdout.isTTY ? LogLine.inColour : LogLine.plain)
}

const format = Config.literal(
  "json",
  "text"
)("LOG_FORMAT").pipe(
  Config.orElseIf({
    if: ConfigError.isMissingDataOnly,
    orElse: () =>
      Config.map(Config.withDefault(Config.string("NODE_ENV"), ""), (mode) => (mode === "production" ? "json" : "text"))
  })
)

const level = Config.string("LOG_LEVEL").pipe(
  Config.mapOrFail((name) => {
    const level = levels[name.toLowerCase()]
    return level === undefined
      ? Either.left(ConfigError.InvalidData([], `expected one of (${Object.keys(levels).join(", ")})`))
      : Either.right(level)
  }),
  Config.withDefault(LogLevel.Info)
)

const levels: Readonly<Record<string, LogLevel.LogLevel>> = {
  debug: LogLevel.Debug,
  info: LogLevel.Info,
  warning: LogLevel.Warning,
  error: LogLevel.Error,
  none: LogLevel.None
}
