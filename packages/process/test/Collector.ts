import { Effect, Queue, type Scope } from "effect"
import { createServer } from "node:http"
import { gunzipSync } from "node:zlib"
import * as OtlpMessages from "./OtlpMessages.ts"

/** What a collector was sent: "/v1/traces" with its document, as JSON whichever way it came. */
export interface Sent {
  readonly path: string
  readonly headers: Readonly<Record<string, string | ReadonlyArray<string> | undefined>>
  readonly text: string
}

/** A collector of OTLP/HTTP on any free port that takes everything, or answers as it is told. */
export const make = (
  answer: (sent: Sent) => number | "never" = () => 200
): Effect.Effect<{ readonly url: string; readonly sent: Queue.Dequeue<Sent> }, never, Scope.Scope> =>
  Effect.gen(function* () {
    const sent = yield* Queue.unbounded<Sent>()
    const server = createServer((incoming, outgoing) => {
      const chunks: Array<Buffer> = []
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk))
      incoming.on("end", () => {
        const body = Buffer.concat(chunks)
        const document = incoming.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body
        const path = incoming.url ?? ""
        const isProtobuf = incoming.headers["content-type"] === "application/x-protobuf"
        const signal = signals.find((signal) => path.endsWith(`/${signal}`)) ?? "traces"
        const text = isProtobuf ? OtlpMessages.toText(signal, document) : String(document)
        const one = { path, headers: incoming.headers, text }
        sent.unsafeOffer(one)
        const status = answer(one)
        if (status !== "never") outgoing.writeHead(status, { "content-type": "application/json" }).end("{}")
      })
    })
    const port = yield* Effect.acquireRelease(
      Effect.async<number>((resume) => {
        server.listen(0, "127.0.0.1", () => {
          const address = server.address()
          resume(Effect.succeed(typeof address === "object" && address !== null ? address.port : 0))
        })
      }),
      () =>
        Effect.sync(() => {
          server.close()
          server.closeAllConnections()
        })
    )
    return { url: `http://127.0.0.1:${port}`, sent }
  })

const signals = ["traces", "metrics", "logs"] as const
