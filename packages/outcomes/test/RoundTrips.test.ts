import { it } from "@effect/vitest"
import { assertEquals, deepStrictEqual } from "@effect/vitest/utils"
import { IdempotencyKey } from "@retro/domain/Ids"
import { Redis, type Script } from "@retro/redis/Redis"
import { Context, Effect, Layer, Schema } from "effect"
import * as Budgets from "../../../scripts/bench/Budgets.ts"
import * as Once from "../src/Once.ts"
import { Outcomes, retention } from "../src/Outcomes.ts"
import { layerRedis } from "../src/OutcomesRedis.ts"
import * as Counting from "./Counting.ts"

class No extends Schema.TaggedError<No>()("No", {}) {}

const key = (number: number) => IdempotencyKey.make(`key-000${number}`)

it.effect("a deed asks its store twice, also where it is refused, and once when it is asked for again", () => {
  const asked = { times: 0 }
  return Effect.gen(function* () {
    const once = yield* Once.make({ space: "deed", success: Schema.Number, failure: No })
    const timesOf = <A, E>(effect: Effect.Effect<A, E>) => Counting.times(asked, Effect.either(effect))
    const done = once.run({ key: key(1), input: "", effect: Effect.succeed(1) })
    const refused = once.run({ key: key(2), input: "", effect: new No() })
    const { again, first } = Budgets.deed
    deepStrictEqual([yield* timesOf(done), yield* timesOf(done)], [first, again])
    deepStrictEqual([yield* timesOf(refused), yield* timesOf(refused)], [first, again])
    assertEquals(yield* timesOf(once.run({ key: key(1), input: "other", effect: Effect.succeed(1) })), again)
    assertEquals(yield* timesOf(once.revoke(key(3), new No())), first)
  }).pipe(Effect.provide(Counting.layer(asked)))
})

/** A Redis that counts what it is asked. */
const counting = (asked: { times: number }) =>
  Layer.succeed(Redis, {
    run: ({ name }: Script) =>
      Effect.sync(() => {
        asked.times += 1
        return name === "outcome.claim"
          ? ["Mine", ""]
          : name === "outcome.putIfAbsent"
            ? ""
            : name.endsWith("find")
              ? null
              : 1
      }),
    ping: Effect.void
  })

it.scoped("an operation on the store is one round trip to Redis", () =>
  Effect.gen(function* () {
    const asked = { times: 0 }
    const store = Context.get(yield* Layer.build(Layer.provide(layerRedis, counting(asked))), Outcomes)
    const attempt = { owner: "", lease: Once.lease, text: "", timeToLive: retention, open: "" }
    const operations = [
      store.find("a"),
      store.putIfAbsent("a", "", retention),
      store.replace("a", "", ""),
      store.remove("a", ""),
      store.claim("a", attempt),
      store.settle("a", "", "", ""),
      store.release("a", "")
    ]
    for (const operation of operations)
      assertEquals(yield* Counting.times(asked, Effect.asVoid(operation)), Budgets.roundTrips)
  })
)
