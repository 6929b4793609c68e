import { it } from "@effect/vitest"
import { assertEquals, assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import * as RecentSpans from "@retro/telemetry/RecentSpans"
import * as Sampler from "@retro/telemetry/Sampler"
import * as SpanTracer from "@retro/telemetry/SpanTracer"
import { Deferred, Effect, Exit, Fiber, Layer, Schema, Scope, TestClock } from "effect"
import * as Envelope from "../src/Envelope.ts"
import * as Journal from "../src/Journal.ts"
import * as JournalStoreMemory from "../src/JournalStoreMemory.ts"
import * as Step from "../src/Step.ts"

class Refused extends Schema.TaggedError<Refused>()("Refused", {}) {}

const first = Step.define("first", { success: Schema.Void, failure: Refused })
const second = Step.define("second", { success: Schema.Void, failure: Refused })

/** A replica whose first step can be undone, and whose second is this. */
const replica = (run: () => Effect.Effect<void, Refused>) =>
  Journal.program({
    name: "Traced",
    version: 1,
    input: Schema.String,
    success: Schema.Void,
    failure: Refused,
    body: Effect.fnUntraced(function* (_id, _input, step) {
      yield* step(first, { run: () => Effect.void, undo: () => Effect.void })
      yield* step(second, { run })
    }),
    afterwards: () => Effect.void
  })

const request = { id: "traced", group: "me", fingerprint: "one", input: "" }

const stores = Layer.merge(JournalStoreMemory.layerMemory, Envelope.layerGenerated)

it.scoped("a journal that is taken up again, and a step undone then, link to the trace that it was begun in", () => {
  const { add, all } = RecentSpans.make(100)
  const tracer = SpanTracer.make("checkoutservice", { sampler: Sampler.always, exporter: add })
  return Effect.gen(function* () {
    const reached = yield* Deferred.make<void>()
    const scope = yield* Scope.make()
    const hangs = () => Effect.zipRight(Deferred.succeed(reached, undefined), Effect.never)
    const stopped = yield* Scope.extend(replica(hangs), scope)
    const caller = yield* Effect.fork(Effect.withSpan(stopped.run(request), "shopper"))
    yield* Deferred.await(reached)
    yield* Scope.close(scope, Exit.void)
    yield* Fiber.await(caller)

    const next = yield* replica(() => new Refused())
    yield* next.recover
    const asked = yield* Effect.fork(Effect.flip(next.run(request)))
    yield* TestClock.adjust("1 seconds")
    assertEquals((yield* Fiber.join(asked))._tag, "Refused")

    const spans = yield* all
    const origin = spans.find(({ name }) => name === "shopper")
    const [begun, again, ...more] = spans.filter(({ name }) => name === "Journal.run")
    const undo = spans.find(({ name }) => name === "Journal.step undo:first")
    deepStrictEqual([begun?.traceId, begun?.links, more], [origin?.traceId, [], []])
    assertTrue(again?.traceId !== origin?.traceId)
    assertEquals(undo?.traceId, again?.traceId)
    const id = (span: { readonly traceId: string; readonly spanId: string } | undefined) =>
      `${span?.traceId} ${span?.spanId}`
    const linked = [again, undo].map((span) => span?.links.map(({ span }) => id(span)))
    deepStrictEqual(linked, [[id(origin)], [id(origin)]])
  }).pipe(Effect.withTracer(tracer), Effect.provide(stores))
})
