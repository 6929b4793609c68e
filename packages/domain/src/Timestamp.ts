import { DateTime, ParseResult, Schema } from "effect"

const maxMillis = 8_640_000_000_000_000

/** A moment as a message carries it: seconds of the Unix epoch and nanoseconds (google.protobuf.Timestamp); we keep milliseconds. */
export const TimestampFromWire = Schema.transformOrFail(
  Schema.Struct({ seconds: Schema.BigIntFromSelf, nanos: Schema.Number }),
  Schema.DateTimeUtcFromSelf,
  {
    strict: true,
    decode: ({ nanos, seconds }, _options, ast) => {
      const millis = Number(seconds) * 1000 + Math.floor(nanos / 1e6)
      return nanos >= 0 && nanos < 1e9 && Math.abs(millis) <= maxMillis
        ? ParseResult.succeed(DateTime.unsafeMake(millis))
        : ParseResult.fail(new ParseResult.Type(ast, undefined, "not a moment"))
    },
    encode: ({ epochMillis }) =>
      ParseResult.succeed({
        seconds: BigInt(Math.floor(epochMillis / 1000)),
        nanos: (epochMillis - Math.floor(epochMillis / 1000) * 1000) * 1e6
      })
  }
)
