import { Clock, Effect } from "effect"

/** A clock that a test puts forward; what sleeps, sleeps as long as ever. */
export const make = (ahead: { millis: number }): Clock.Clock => {
  const live = Clock.make()
  const millis = () => live.unsafeCurrentTimeMillis() + ahead.millis
  const nanos = () => live.unsafeCurrentTimeNanos() + BigInt(ahead.millis) * 1_000_000n
  return {
    [Clock.ClockTypeId]: Clock.ClockTypeId,
    unsafeCurrentTimeMillis: millis,
    unsafeCurrentTimeNanos: nanos,
    currentTimeMillis: Effect.sync(millis),
    currentTimeNanos: Effect.sync(nanos),
    sleep: (duration) => live.sleep(duration)
  }
}
