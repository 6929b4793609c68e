import { createServer, type IncomingMessage } from "node:http"
import * as RecentSpans from "@retro/telemetry/RecentSpans"
import { Config, Effect, Layer, Option, Runtime } from "effect"
import * as OtlpTraces from "./OtlpTraces.ts"
import { CannotListen } from "./HttpServer.ts"

/** The most bytes of a batch. */
const maxBytes = 4 * 1024 * 1024

/**
 * Where `DEV_SPANS_PORT` is set, in development: keeps the last spans that any process of this machine sends there by
 * OTLP/HTTP as JSON, for `/dev/traces`. Nobody else's machine can, and in production nothing listens.
 */
export const layerConfig = Layer.unwrapEffect(
  Effect.gen(function* () {
    const port = yield* Config.option(Config.port("DEV_SPANS_PORT"))
    const mode = yield* Config.string("NODE_ENV").pipe(Config.withDefault("development"))
    return Option.isNone(port) || mode === "production"
      ? RecentSpans.layer(0)
      : Layer.provideMerge(listener(port.value), RecentSpans.layer(RecentSpans.usual))
  })
)

const listener = (port: number) =>
  Layer.scopedDiscard(
    Effect.gen(function* () {
      const { add } = yield* RecentSpans.RecentSpans
      const run = Runtime.runPromise(yield* Effect.runtime())
      const take = (incoming: IncomingMessage) =>
        Effect.match(Effect.flatMap(bodyOf(incoming), OtlpTraces.decode), {
          onFailure: () => 400,
          onSuccess: (spans) => {
            spans.forEach(add)
            return 200
          }
        })
      const server = createServer((incoming, outgoing) => {
        const known = incoming.method === "POST" && incoming.url === "/v1/traces"
        void run(known ? take(incoming) : Effect.succeed(404)).then((status) =>
          outgoing.writeHead(status, { "content-type": "application/json" }).end("{}")
        )
      })
      yield* Effect.acquireRelease(
        Effect.async<void, CannotListen>((resume) => {
          server.once("error", ({ code = "unknown" }: NodeJS.ErrnoException) =>
            resume(Effect.fail(new CannotListen({ port, code })))
          )
          server.listen(port, "127.0.0.1", () => resume(Effect.void))
        }),
        () => Effect.sync(() => server.close().closeAllConnections())
      )
    })
  )

const bodyOf = (incoming: IncomingMessage) =>
  Effect.async<string, "too large" | "cut off">((resume) => {
    const chunks: Array<Buffer> = []
    let size = 0
    incoming.on("data", (chunk: Buffer) => {
      size += chunk.length
      if (size <= maxBytes) return chunks.push(chunk)
      incoming.destroy()
      return resume(Effect.fail("too large" as const))
    })
    incoming.once("end", () => resume(Effect.succeed(Buffer.concat(chunks).toString())))
    incoming.once("error", () => resume(Effect.fail("cut off" as const)))
  })
