import { Data, Effect, Runtime, type Scope } from "effect"
import { createServer, type Server } from "node:http"
import * as MetricSnapshot from "./MetricSnapshot.ts"
import * as PrometheusText from "./PrometheusText.ts"

/** The port for metrics cannot be had. */
export class MetricsPortTaken extends Data.TaggedError("MetricsPortTaken")<{
  readonly port: number
  readonly code: string
}> {
  override readonly message = `cannot serve metrics on port ${this.port}: ${this.code}`
}

/** Serves `GET /metrics` until the scope closes; answers the port. */
export const serve = (
  { host, port }: { readonly host: string; readonly port: number },
  resource: Readonly<Record<string, string>>
): Effect.Effect<number, MetricsPortTaken, Scope.Scope> =>
  Effect.gen(function* () {
    const run = Runtime.runCallback(yield* Effect.runtime())
    const server = createServer((incoming, outgoing) => {
      if (incoming.method !== "GET" || incoming.url?.split("?", 1)[0] !== "/metrics")
        return void outgoing.writeHead(404).end()
      const format = incoming.headers.accept?.includes("application/openmetrics-text") ? "openmetrics" : "prometheus"
      return void run(
        Effect.map(MetricSnapshot.take, (series) =>
          outgoing
            .writeHead(200, { "content-type": PrometheusText.contentType[format] })
            .end(PrometheusText.render(format, resource, series))
        )
      )
    })
    return yield* Effect.acquireRelease(listen(server, host, port), () =>
      Effect.sync(() => {
        server.close()
        server.closeAllConnections()
      })
    )
  })

const listen = (server: Server, host: string, port: number) =>
  Effect.async<number, MetricsPortTaken>((resume) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      resume(Effect.fail(new MetricsPortTaken({ port, code: error.code ?? "unknown" })))
    )
    server.listen(port, host, () => {
      const address = server.address()
      resume(Effect.succeed(typeof address === "object" && address !== null ? address.port : port))
    })
  })
