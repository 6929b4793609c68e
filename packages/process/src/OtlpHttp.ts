import { Data, Duration, Effect, Redacted, Schedule } from "effect"
import * as http from "node:http"
import * as https from "node:https"
import { gzip } from "node:zlib"
import type { Destination } from "./TelemetryConfig.ts"

/** Whoever receives telemetry did not take it. `reason` is a status or the operating system's word. */
export class NotTaken extends Data.TaggedError("NotTaken")<{ readonly reason: string; readonly passing: boolean }> {}

/**
 * Sends a document, again and again while the reason for not taking it may pass, as long as the time-out allows.
 * Source: OTLP specification, OTLP/HTTP.
 */
export const send = (destination: Destination, document: string | Buffer): Effect.Effect<void, NotTaken> =>
  Effect.flatMap(
    destination.gzip
      ? gzipped(document)
      : Effect.succeed(typeof document === "string" ? Buffer.from(document) : document),
    (body) =>
      post(destination, body).pipe(
        Effect.retry({ while: ({ passing }) => passing, schedule: again }),
        Effect.timeoutFail({
          duration: destination.timeout,
          onTimeout: () => new NotTaken({ reason: "timeout", passing: true })
        })
      )
  )

const again = Schedule.jittered(Schedule.exponential("500 millis", 2)).pipe(
  Schedule.union(Schedule.spaced(Duration.seconds(5)))
)

const gzipped = (document: string | Buffer) =>
  Effect.async<Buffer>((resume) =>
    gzip(document, (error, bytes) => resume(error ? Effect.die(error) : Effect.succeed(bytes)))
  )

/** The answer's body is not read: there is nothing in it to act on. */
const post = ({ gzip: compressed, headers, protocol, url }: Destination, body: Buffer) =>
  Effect.async<void, NotTaken>((resume) => {
    const { request } = url.startsWith("https:") ? https : http
    const outgoing = request(
      url,
      {
        method: "POST",
        headers: {
          ...Redacted.value(headers),
          "content-type": contentTypes[protocol],
          "content-length": body.length,
          ...(compressed && { "content-encoding": "gzip" })
        },
        agent: url.startsWith("https:") ? agents.https : agents.http
      },
      (answer) => {
        const status = answer.statusCode ?? 0
        answer.resume()
        answer.once("close", () =>
          resume(
            status >= 200 && status < 300
              ? Effect.void
              : Effect.fail(new NotTaken({ reason: `status ${status}`, passing: passing.has(status) }))
          )
        )
      }
    )
    outgoing.once("error", (error: NodeJS.ErrnoException) =>
      resume(Effect.fail(new NotTaken({ reason: error.code ?? "unreachable", passing: true })))
    )
    outgoing.end(body)
    return Effect.sync(() => outgoing.destroy())
  })

const contentTypes = { "http/protobuf": "application/x-protobuf", "http/json": "application/json" } as const

const passing: ReadonlySet<number> = new Set([429, 502, 503, 504])

/** A connection that nobody needs does not keep the process alive. */
const agents = {
  http: new http.Agent({ keepAlive: true, maxSockets: 2 }),
  https: new https.Agent({ keepAlive: true, maxSockets: 2 })
}
