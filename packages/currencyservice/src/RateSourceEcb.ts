import { HttpClient, type HttpClientError, type HttpClientResponse } from "@effect/platform"
import * as HttpClientSpan from "@retro/telemetry/HttpClientSpan"
import { Chunk, Config, Duration, Effect, Layer, Schedule, Stream } from "effect"
import * as EcbXml from "./EcbXml.ts"
import { RatesRefused } from "./RateTable.ts"
import { RateSource, RatesUnreachable } from "./RateSource.ts"

/** Where the European Central Bank publishes its daily reference rates, and how long to try. */
export interface Options {
  readonly url: URL
  /** For one attempt, from the connection to the last byte. */
  readonly timeout: Duration.DurationInput
  /** How many times a failed attempt is repeated. */
  readonly retries: number
  /** Before the first repetition; doubles each time. */
  readonly backOff: Duration.DurationInput
}

/** The real file has about 1,500 bytes. */
export const maxBytes = 65_536

/** `ECB_RATES_URL`, by default the bank's own address. */
export const url = Config.url("ECB_RATES_URL").pipe(
  Config.withDefault(new URL("https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml"))
)

/** The source that asks the address in `options`. */
export const make = Effect.fnUntraced(function* (options: Options) {
  // The client's own span would show the whole address, and tell the bank of our traces.
  const client = (yield* HttpClient.HttpClient).pipe(
    HttpClient.withTracerDisabledWhen(() => true),
    HttpClient.tap(({ status }) => HttpClientSpan.answered(status)),
    HttpClient.filterStatusOk
  )
  const attempt = client.get(options.url).pipe(
    Effect.flatMap(bounded),
    Effect.catchTags({ RequestError: unreachable, ResponseError: unreachable }),
    Effect.timeoutFail({
      duration: options.timeout,
      onTimeout: () => new RatesUnreachable({ reason: "no answer in time" })
    }),
    HttpClientSpan.around("GET", options.url)
  )
  const again = Schedule.exponential(options.backOff).pipe(
    Schedule.jittered,
    Schedule.intersect(Schedule.recurs(options.retries))
  )
  return RateSource.of({
    fetch: attempt.pipe(
      Effect.retry({ schedule: again, while: (error) => error._tag === "RatesUnreachable" }),
      Effect.flatMap(EcbXml.parse)
    )
  })
})

/** The European Central Bank's file, or one in its format at `ECB_RATES_URL`. */
export const layerEcb = Layer.effect(
  RateSource,
  Effect.flatMap(url, (url) => make({ url, timeout: "10 seconds", retries: 3, backOff: "1 second" }))
)

/** The text of a body that is not larger than {@link maxBytes}; what is beyond is not read. */
const bounded = (response: HttpClientResponse.HttpClientResponse) =>
  response.stream.pipe(
    Stream.mapAccum(0, (size, bytes: Uint8Array) => [size + bytes.length, { size: size + bytes.length, bytes }]),
    Stream.mapEffect(({ bytes, size }) =>
      size > maxBytes ? Effect.fail(new RatesRefused({ reason: "too-large", at: "" })) : Effect.succeed(bytes)
    ),
    Stream.runCollect,
    Effect.map((chunks) => Buffer.concat(Chunk.toReadonlyArray(chunks)).toString("utf8"))
  )

const unreachable = (error: HttpClientError.HttpClientError) =>
  new RatesUnreachable({
    reason: error._tag === "ResponseError" ? `${error.reason} ${error.response.status}` : error.reason
  })
