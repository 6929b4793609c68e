import { describe, it } from "@effect/vitest"
import { assertTrue, deepStrictEqual, strictEqual } from "@effect/vitest/utils"
import {
  Deferred,
  Effect,
  Either,
  FastCheck,
  Fiber,
  FiberId,
  Option,
  Scheduler,
  Schema,
  TestClock,
  TestServices
} from "effect"
import * as Eager from "../src/Eager.ts"
import * as Form from "../src/Form.ts"
import * as Recent from "../src/Recent.ts"
import { ownPath } from "../src/SameSite.ts"
import { pieces, similarity } from "../src/Similarity.ts"
import { both } from "../src/Together.ts"
import * as UrlEncoded from "../src/UrlEncoded.ts"

const text = FastCheck.string({ unit: "grapheme" })

describe("form encoding", () => {
  it.prop(
    "is read back as it was written, repeated fields in order",
    [FastCheck.array(FastCheck.tuple(text, text))],
    ([pairs]) => {
      const fields = Either.getOrThrow(UrlEncoded.parse(new URLSearchParams(pairs).toString()))
      for (const [name] of pairs) {
        deepStrictEqual(
          fields.get(name),
          pairs.filter(([other]) => other === name).map(([, value]) => value)
        )
      }
      strictEqual(fields.size, new Set(pairs.map(([name]) => name)).size)
    }
  )

  it.prop(
    "reads any bytes as the UTF-8 that they are, or refuses them",
    [FastCheck.uint8Array({ maxLength: 50 })],
    ([bytes]) => {
      const raw = Buffer.from(bytes)
        .toString("latin1")
        .replace(/[%&=+]/g, "x")
      const read = UrlEncoded.parse(UrlEncoded.fromBytes(Buffer.from(`f=${raw}`, "latin1")))
      const strict = Either.try(() =>
        new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.from(raw, "latin1"))
      )
      deepStrictEqual(
        Option.map(Either.getRight(read), (fields) => fields.get("f")?.[0]),
        Either.getRight(strict)
      )
    }
  )

  it.prop("never breaks", [FastCheck.string({ unit: FastCheck.constantFrom(..."%&=+aF0;\u00ff") })], ([anything]) => {
    const read = UrlEncoded.parse(anything)
    assertTrue(Either.isRight(read) || read.left === "too many" || read.left.field.length > 0)
  })

  it("has a hundred fields at most, and never takes long to say so", () => {
    assertTrue(Either.isRight(UrlEncoded.parse("a=1&".repeat(99) + "a=1")))
    deepStrictEqual(UrlEncoded.parse("&".repeat(100_000)), Either.left("too many"))
  })
})

describe("a form", () => {
  const form = Form.make(
    Schema.Struct({ count: Form.WholeNumber, note: Form.orAbsent(Schema.String.pipe(Schema.maxLength(3))) }),
    { count: "Count!", note: "Shorter!" }
  )
  const read = (query: string) => form(Either.getOrThrow(UrlEncoded.parse(query)))

  it("is its values, where a field that was not sent is absent", () => {
    deepStrictEqual(read("count=7&note=abc&other=1&other=2"), Either.right({ count: 7, note: "abc" }))
    deepStrictEqual(read("count=%2007"), Either.right({ count: 7, note: undefined }))
  })

  it("says of every refused field what is wrong with it", () => {
    const errorsOf = (query: string) =>
      Either.match(read(query), { onLeft: ({ errors }) => errors, onRight: () => ({}) })
    deepStrictEqual(errorsOf(""), { count: "Count!" })
    deepStrictEqual(errorsOf("count=x&note=long"), { count: "Count!", note: "Shorter!" })
    deepStrictEqual(errorsOf("count=1&count=1"), { count: "This was sent more than once." })
  })

  it.prop(
    "takes no number but decimal digits",
    [FastCheck.oneof(FastCheck.string(), FastCheck.double().map(String))],
    ([typed]) => {
      const { count } = Either.getOrElse(form(new Map([["count", [typed]]])), () => ({ count: undefined }))
      strictEqual(count, /^\d{1,9}$/.test(typed.trim()) ? Number(typed) : undefined)
    }
  )
})

describe("a path to go back to", () => {
  const piece = FastCheck.constantFrom(
    "/",
    "\\",
    ".",
    "..",
    "evil.example",
    ":",
    "@",
    "?",
    "#",
    "\t",
    "\n",
    "%2f",
    "http:",
    "a",
    " ",
    "é"
  )

  it.prop(
    "stays on this site, however it is spelt",
    [FastCheck.array(piece).map((pieces) => pieces.join(""))],
    ([path]) => {
      const own = ownPath(path)
      if (own === undefined) return
      const address = new URL(own, "https://shop.example/here")
      strictEqual(address.host, "shop.example")
      assertTrue(/^[!-~]+$/.test(own))
    }
  )
})

describe("likeness of names", () => {
  it.prop("is 1 for a name and itself, the same both ways, and between 0 and 1", [text, text], ([a, b]) => {
    const [left, right] = [pieces(a), pieces(b)]
    strictEqual(similarity(left, left), 1)
    strictEqual(similarity(left, right), similarity(right, left))
    assertTrue(similarity(left, right) >= 0 && similarity(left, right) <= 1)
  })
})

describe("a recent reading", () => {
  const counted = Effect.gen(function* () {
    const gate = yield* Deferred.make<void>()
    const count = { reads: 0 }
    const read = Effect.suspend(() => {
      count.reads++
      return Effect.as(Deferred.await(gate), count.reads)
    })
    return { count, gate, recent: Effect.map(yield* Recent.make(read, "5 seconds"), ({ value }) => value) }
  })

  it.scoped("is read once for all who ask at the same time, and again when it is old", () =>
    Effect.gen(function* () {
      const { count, gate, recent } = yield* counted
      const waiting = yield* Effect.fork(Effect.all([recent, recent, recent], { concurrency: "unbounded" }))
      yield* Effect.yieldNow()
      yield* Deferred.succeed(gate, undefined)
      deepStrictEqual(yield* Fiber.join(waiting), [1, 1, 1])
      yield* TestClock.adjust("4 seconds")
      strictEqual(yield* recent, 1)
      yield* TestClock.adjust("1 seconds")
      strictEqual(yield* recent, 2)
      strictEqual(count.reads, 2)
    })
  )

  it.scoped("goes on for the others when one who asked gives up", () =>
    Effect.gen(function* () {
      const { count, gate, recent } = yield* counted
      const first = yield* Effect.fork(recent)
      yield* Effect.yieldNow()
      const second = yield* Effect.fork(recent)
      yield* Effect.yieldNow()
      yield* Fiber.interrupt(first)
      yield* Deferred.succeed(gate, undefined)
      strictEqual(yield* Fiber.join(second), 1)
      strictEqual(count.reads, 1)
    })
  )

  it.scoped("does not keep a failure", () =>
    Effect.gen(function* () {
      let works = false
      const recent = yield* Recent.make(
        Effect.suspend(() => (works ? Effect.succeed("read") : Effect.fail("away"))),
        "5 seconds"
      )
      strictEqual(yield* Effect.flip(recent), "away")
      works = true
      strictEqual((yield* recent).value, "read")
    })
  )

  it.scoped("is what it was while it cannot be read, is read again every second, and new when it can", () =>
    Effect.gen(function* () {
      let answer: Effect.Effect<string, string> = Effect.succeed("first")
      let reads = 0
      const recent = yield* Recent.make(
        Effect.suspend(() => {
          reads++
          return answer
        }),
        "5 seconds"
      )
      const { readAt } = yield* recent
      answer = Effect.fail("away")
      yield* TestClock.adjust("1 minute")
      deepStrictEqual(yield* recent, { value: "first", readAt, isOld: true })
      yield* Effect.replicateEffect(recent, 100)
      strictEqual(reads, 2)
      answer = Effect.succeed("second")
      yield* TestClock.adjust("1 second")
      const { isOld, value } = yield* recent
      deepStrictEqual([value, isOld], ["second", false])
    })
  )

  it.scoped("keeps nobody waiting for long for the new one, and only one of many", () =>
    Effect.gen(function* () {
      let answer: Effect.Effect<string> = Effect.succeed("first")
      const recent = yield* Recent.make(
        Effect.suspend(() => answer),
        "5 seconds"
      )
      yield* recent
      answer = Effect.never
      yield* TestClock.adjust("5 seconds")
      const patient = yield* Effect.fork(recent)
      yield* TestClock.adjust("300 millis")
      strictEqual((yield* Fiber.join(patient)).isOld, true)
      strictEqual((yield* recent).value, "first")
    })
  )
})

describe("what is begun at once", () => {
  it.effect("is awaited for its time and no longer, and stopped then", () =>
    Effect.gen(function* () {
      const stopped = yield* Deferred.make<void>()
      const endless = Effect.onInterrupt(Effect.never, () => Deferred.succeed(stopped, undefined))
      strictEqual(yield* Eager.timeout("1 seconds")(Effect.succeed("there")), "there")
      const late = yield* Effect.fork(Effect.flip(Eager.timeout("1 seconds")(endless)))
      yield* TestClock.adjust("999 millis")
      strictEqual(yield* Deferred.isDone(stopped), false)
      yield* TestClock.adjust("1 millis")
      strictEqual((yield* Fiber.join(late))._tag, "TimeoutException")
      yield* Deferred.await(stopped)
    })
  )

  it.effect("is stopped with whoever waits for it", () =>
    Effect.gen(function* () {
      const stopped = [yield* Deferred.make<void>(), yield* Deferred.make<void>()] as const
      const [one, other] = stopped.map((it) => Effect.onInterrupt(Effect.never, () => Deferred.succeed(it, undefined)))
      const waiting = yield* Effect.fork(both(one ?? Effect.void, Eager.timeout("1 seconds")(other ?? Effect.void)))
      yield* Effect.yieldNow()
      yield* Fiber.interrupt(waiting)
      yield* Effect.forEach(stopped, Deferred.await)
    })
  )

  it.effect("is stopped too where whoever began it is interrupted in that very moment", () =>
    Effect.gen(function* () {
      const stopped = yield* Deferred.make<void>()
      const endless = Effect.onInterrupt(Effect.never, () => Deferred.succeed(stopped, undefined))
      // Makes a fiber look, before its next step, whether it is to stop.
      let looking: Fiber.RuntimeFiber<unknown, unknown> | undefined
      const scheduler = Scheduler.make(
        (task, priority) => Scheduler.defaultScheduler.scheduleTask(task, priority),
        (fiber) => {
          if (fiber !== looking) return false
          looking = undefined
          return 0
        }
      )
      const interrupted = (page: Fiber.RuntimeFiber<unknown, unknown>) =>
        Effect.suspend(() => {
          page.unsafeInterruptAsFork(FiberId.none)
          looking = page
          return endless
        })
      const page = yield* Deferred.make<Fiber.RuntimeFiber<unknown, unknown>>()
      const waiting = yield* Deferred.await(page).pipe(
        Effect.flatMap((page) => both(interrupted(page), Effect.never)),
        Effect.withScheduler(scheduler),
        Effect.fork
      )
      yield* Deferred.succeed(page, waiting)
      yield* Fiber.await(waiting)
      yield* Deferred.await(stopped)
    })
  )
})

describe("two readings", () => {
  it.effect("are made at the same time", () =>
    Effect.gen(function* () {
      const reading = yield* Effect.fork(
        both(Effect.delay(Effect.succeed(1), "1 seconds"), Effect.delay(Effect.succeed(2), "1 seconds"))
      )
      yield* TestClock.adjust("1 seconds")
      deepStrictEqual(yield* Fiber.join(reading), [1, 2])
    })
  )

  it.effect("fail when either does, and the failure of the second stops the first", () =>
    Effect.gen(function* () {
      const stopped = yield* Deferred.make<void>()
      const endless = Effect.onInterrupt(Effect.never, () => Deferred.succeed(stopped, undefined))
      strictEqual(yield* Effect.flip(both(Effect.fail("first"), Effect.void)), "first")
      strictEqual(yield* Effect.flip(both(endless, Effect.delay(Effect.fail("second"), 0))), "second")
      yield* Deferred.await(stopped)
    }).pipe(TestServices.provideLive)
  )
})
