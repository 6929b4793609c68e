import { describe, it } from "@effect/vitest"
import { assertEquals, assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import * as grpc from "@grpc/grpc-js"
import * as CallContext from "@retro/contract/CallContext"
import { BadRequest, CallFailed, PeerRefused } from "@retro/contract/Contract"
import { CurrencyService, UnsupportedCurrency } from "@retro/contract/CurrencyService"
import { CurrencyServiceService } from "@retro/contract/generated/retrostation/currency"
import { CardDeclined, PaymentService } from "@retro/contract/PaymentService"
import { CreditCard } from "@retro/domain/CreditCard"
import * as Money from "@retro/domain/Money"
import {
  Cause,
  ConfigProvider,
  Context,
  Deferred,
  Effect,
  Either,
  Exit,
  Fiber,
  Layer,
  Logger,
  Redacted,
  Schema,
  Scope
} from "effect"
import * as GrpcClient from "../src/GrpcClient.ts"
import * as GrpcServer from "../src/GrpcServer.ts"
import * as Loopback from "../src/Loopback.ts"

const usd = (units: bigint) => Either.getOrThrow(Money.make("USD", units, 0))
const usd1 = usd(1n)
const card = new CreditCard({
  number: Redacted.make("4432801561520454"),
  securityCode: Redacted.make("672"),
  expirationYear: 2099,
  expirationMonth: 1
})

/** A currency service of which a test writes one rpc. */
const converting = (convert: typeof CurrencyService.Service.convert) =>
  Loopback.layer(CurrencyService, Layer.mock(CurrencyService, { convert }))

const convert = Effect.flatMap(CurrencyService, (service) => service.convert({ from: usd1, toCode: "EUR" }))

/** What {@link convert} sends. */
const request = Buffer.from(
  CurrencyServiceService.convert.requestSerialize({
    from: { currencyCode: "USD", units: 1n, nanos: 0 },
    toCode: "EUR"
  })
)

/** A request's bytes sent by a bare client, as anyone could. */
const bare = (port: number, bytes: Buffer) =>
  Effect.async<grpc.ServiceError | Buffer>((resume) => {
    const client = new grpc.Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure())
    client.makeUnaryRequest(
      CurrencyServiceService.convert.path,
      (b: Buffer) => b,
      (b) => b,
      bytes,
      (error, answer) => {
        client.close()
        resume(Effect.succeed(error ?? answer!))
      }
    )
  })

const serving = (program: Layer.Layer<CurrencyService>) =>
  Layer.build(
    GrpcServer.layer(CurrencyService).pipe(
      Layer.provide(program),
      Layer.provide(Layer.setConfigProvider(ConfigProvider.fromMap(new Map([["PORT", "0"]]))))
    )
  ).pipe(Effect.map(Context.get(GrpcServer.GrpcServer)))

describe("what crosses the wire", () => {
  const answering: Record<string, typeof CurrencyService.Service.convert> = {
    "an answer that is there at once": ({ from }) => Either.right(from),
    "one that an effect has at once": ({ from }) => Effect.sync(() => from),
    "one that comes later": ({ from }) => Effect.as(Effect.yieldNow(), from)
  }
  for (const [what, program] of Object.entries(answering)) {
    it.effect(what, () =>
      Effect.map(Effect.provide(convert, converting(program)), (answer) => assertEquals(answer, usd1))
    )
  }

  it.effect("an error of the contract, as its class", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(
        Effect.provide(
          convert,
          converting(() => Effect.fail(new UnsupportedCurrency({ code: "EUR" })))
        )
      )
      assertTrue(error instanceof UnsupportedCurrency)
      assertEquals(error.code, "EUR")
    })
  )

  it.effect("a failed call downstream, with its code and without its path", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(
        Effect.provide(
          convert,
          converting(() => Effect.fail(new CallFailed({ path: "/secret", code: 4 })))
        )
      )
      deepStrictEqual({ ...error }, { ...new CallFailed({ path: CurrencyServiceService.convert.path, code: 4 }) })
    })
  )

  it.effect("an error from a newer peer, as a refusal with its tag", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(
        Effect.provide(
          convert,
          converting(() => Effect.fail(new PeerRefused({ path: "", code: 9, reason: "FromTheFuture" })))
        )
      )
      deepStrictEqual(
        { ...error },
        { ...new PeerRefused({ path: CurrencyServiceService.convert.path, code: 9, reason: "FromTheFuture" }) }
      )
    })
  )

  it.effect("a bad field by its name, before anything is sent", () =>
    Effect.gen(function* () {
      const service = yield* CurrencyService
      const error = yield* Effect.flip(service.convert(JSON.parse('{"toCode":"EUR"}')))
      deepStrictEqual(error, new BadRequest({ fields: ["from"] }))
    }).pipe(Effect.provide(converting(() => Effect.never)))
  )

  it.scoped("D27: a missing message field is INVALID_ARGUMENT naming the field and no value", () =>
    Effect.gen(function* () {
      const { port } = yield* serving(Layer.mock(CurrencyService, {}))
      const nothing = yield* bare(port, Buffer.alloc(0))
      assertTrue("code" in nothing && nothing.code === grpc.status.INVALID_ARGUMENT)
      assertEquals(nothing.details, "invalid request: from, toCode")
      const hostile = yield* bare(
        port,
        Buffer.from(
          CurrencyServiceService.convert.requestSerialize({
            from: { currencyCode: "<secret>", units: 1n, nanos: -1 },
            toCode: "EUR"
          })
        )
      )
      assertTrue("code" in hostile && hostile.code === grpc.status.INVALID_ARGUMENT)
      assertTrue(!JSON.stringify(hostile).includes("secret"))
      assertEquals(hostile.details, "invalid request: from.currencyCode")
    })
  )

  it.scoped("bytes that are no protobuf are INVALID_ARGUMENT", () =>
    Effect.gen(function* () {
      const { port } = yield* serving(Layer.mock(CurrencyService, {}))
      for (const bytes of [[0xff, 0xff, 0xff, 0xff], [0x0a, 0x50, 0x01], [0x0b]]) {
        const answer = yield* bare(port, Buffer.from(bytes))
        assertTrue("code" in answer && answer.code === grpc.status.INVALID_ARGUMENT)
        assertEquals(answer.details, "invalid request: request")
      }
    })
  )

  const boom = new Error("boom at home")
  const noMoney = JSON.parse('{"currencyCode":"USD"}')
  const later = <A, E>(effect: Effect.Effect<A, E>) => Effect.zipRight(Effect.yieldNow(), effect)
  const defects: Record<string, typeof CurrencyService.Service.convert> = {
    "a defect": () => Effect.die(boom),
    "a defect after a while": () => later(Effect.die(boom)),
    "a program that throws": () => {
      throw boom
    },
    "an answer that is none": () => Effect.succeed(noMoney),
    "an answer that is none, after a while": () => later(Effect.succeed(noMoney))
  }
  for (const [what, convert] of Object.entries(defects)) {
    it.scoped(`${what} is INTERNAL, its cause stays at home and is logged`, () =>
      Effect.gen(function* () {
        const lines: Array<string> = []
        const logger = Logger.make(({ message }) => lines.push(String(message)))
        const { port } = yield* serving(Layer.mock(CurrencyService, { convert })).pipe(
          Effect.provide(Logger.replace(Logger.defaultLogger, logger))
        )
        const answer = yield* bare(port, request)
        assertTrue("code" in answer && answer.code === grpc.status.INTERNAL)
        assertEquals(answer.details, "internal error")
        const cause = what.startsWith("an answer") ? "Convert failed" : "boom at home"
        assertTrue(lines.some((line) => line.includes(cause)))
      })
    )
  }

  it.scoped("a parse error in a program is logged by its fields and answered as INTERNAL", () =>
    Effect.gen(function* () {
      const lines: Array<string> = []
      const logger = Logger.make(({ message }) => lines.push(String(message)))
      const parse = Effect.orDie(
        Schema.decodeUnknown(Schema.Struct({ number: Schema.Number }))({ number: "4432-secret" })
      )
      const { port } = yield* serving(Layer.mock(CurrencyService, { convert: () => Effect.as(parse, usd1) })).pipe(
        Effect.provide(Logger.replace(Logger.defaultLogger, logger))
      )
      const answer = yield* bare(port, request)
      assertTrue("code" in answer && answer.code === grpc.status.INTERNAL)
      assertTrue(lines.some((line) => line.includes("number")))
      assertTrue(!lines.some((line) => line.includes("secret")))
    })
  )

  it.live("a call of a client that was closed ends, in a defect, for whoever waits for it", () =>
    Effect.gen(function* () {
      const client = yield* Effect.scoped(Layer.build(GrpcClient.layer(CurrencyService, "127.0.0.1:1")))
      const call = yield* Effect.fork(Effect.provide(convert, client))
      const exit = yield* Effect.timeout(Fiber.await(call), "3 seconds")
      assertTrue(Exit.isFailure(exit) && Cause.isDie(exit.cause))
    })
  )

  it.live("D7: a caller that hangs up interrupts the program, at once and not when its time is over", () =>
    Effect.gen(function* () {
      const [started, stopped] = [yield* Deferred.make<void>(), yield* Deferred.make<number>()]
      const millisLeft = Effect.map(CallContext.Current, ({ deadline }) => deadline - Date.now())
      const program = () =>
        Deferred.succeed(started, undefined).pipe(
          Effect.zipRight(Effect.never),
          Effect.onInterrupt(() => Deferred.complete(stopped, millisLeft))
        )
      yield* Effect.gen(function* () {
        const call = yield* Effect.fork(convert)
        yield* Deferred.await(started)
        yield* Fiber.interrupt(call)
        assertTrue((yield* Deferred.await(stopped)) > 100)
      }).pipe(Effect.provide(converting(program)))
    })
  )

  it.live("D7: the time a caller has left is the time the program has", () =>
    Effect.gen(function* () {
      const stopped = yield* Deferred.make<number>()
      const program = () => Effect.never.pipe(Effect.onInterrupt(() => Deferred.succeed(stopped, 1)))
      const error = yield* convert.pipe(
        CallContext.within("150 millis"),
        Effect.flip,
        Effect.provide(converting(program))
      )
      assertTrue(error instanceof CallFailed && error.code === grpc.status.DEADLINE_EXCEEDED)
      yield* Deferred.await(stopped)
    })
  )

  it.live("D7: work whose time is over is not sent", () =>
    Effect.gen(function* () {
      let asked = 0
      const program = () =>
        Effect.sync(() => {
          asked++
          return usd1
        })
      const error = yield* convert.pipe(
        CallContext.within("-1 millis"),
        Effect.flip,
        Effect.provide(converting(program))
      )
      assertTrue(error instanceof CallFailed && error.code === grpc.status.DEADLINE_EXCEEDED)
      assertEquals(asked, 0)
    })
  )

  it.effect("D7: trace and baggage reach the program", () =>
    Effect.gen(function* () {
      const service = yield* CurrencyService
      const seen = yield* service.convert({ from: usd1, toCode: "EUR" }).pipe(
        Effect.flip,
        CallContext.locally((context) => ({ ...context, baggage: "shop=retro" })),
        Effect.withSpan("page"),
        Effect.flatMap((error) => Effect.map(Effect.currentSpan, () => error)),
        Effect.withSpan("outer")
      )
      assertTrue(seen instanceof UnsupportedCurrency)
      assertTrue(/^[0-9a-f]{32} shop=retro$/.test(seen.code))
    }).pipe(
      Effect.provide(
        converting(() =>
          Effect.gen(function* () {
            const span = yield* Effect.orDie(Effect.currentSpan)
            const { baggage } = yield* CallContext.Current
            return yield* new UnsupportedCurrency({ code: `${span.traceId} ${baggage}` })
          })
        )
      )
    )
  )

  it.live("R10: a call that completes runs on when its caller hangs up", () =>
    Effect.gen(function* () {
      const [started, go, finished] = [
        yield* Deferred.make<void>(),
        yield* Deferred.make<void>(),
        yield* Deferred.make<void>()
      ]
      const program = Layer.mock(PaymentService, {
        void: () =>
          Deferred.succeed(started, undefined).pipe(
            Effect.zipRight(Deferred.await(go)),
            Effect.zipRight(Deferred.succeed(finished, undefined)),
            Effect.as({ refunded: false })
          )
      })
      yield* Effect.gen(function* () {
        const service = yield* PaymentService
        const call = yield* Effect.fork(service.void({ idempotencyKey: "key-key-1" as never }))
        yield* Deferred.await(started)
        yield* Fiber.interrupt(call)
        yield* Deferred.succeed(go, undefined)
        yield* Deferred.await(finished)
      }).pipe(Effect.provide(Loopback.layer(PaymentService, program)))
    })
  )

  it.live("R10: a call that completes ends with its own deadline, whoever waits", () =>
    Effect.gen(function* () {
      const stopped = yield* Deferred.make<number>()
      const now = Effect.sync(() => performance.now())
      const program = Layer.mock(PaymentService, {
        tokenize: () => Effect.onInterrupt(Effect.never, () => Deferred.complete(stopped, now))
      })
      yield* Effect.gen(function* () {
        const { tokenize } = yield* PaymentService
        const began = yield* now
        // One who hangs up early, and has two seconds, the rpc's, all the same.
        yield* Effect.flip(CallContext.within("100 millis")(tokenize({ creditCard: card })))
        const lasted = (yield* Deferred.await(stopped)) - began
        assertTrue(lasted >= 1_900 && lasted < 10_000, `${lasted} ms`)
      }).pipe(Effect.provide(Loopback.layer(PaymentService, program)))
    })
  )

  it.live("an idempotent call that reached nobody is asked again; one that may have is not", () =>
    Effect.gen(function* () {
      const asked = { convert: 0, charge: 0 }
      const away = new CallFailed({ path: "", code: grpc.status.UNAVAILABLE })
      yield* Effect.flip(
        Effect.provide(
          convert,
          converting(() =>
            Effect.suspend(() => {
              asked.convert++
              return Effect.fail(away)
            })
          )
        )
      )
      const program = Layer.mock(PaymentService, {
        charge: () =>
          Effect.suspend(() => {
            asked.charge++
            return Effect.fail(away)
          })
      })
      yield* Effect.flatMap(PaymentService, (service) =>
        Effect.flip(
          service.charge({ amount: usd1, creditCard: undefined, idempotencyKey: undefined, cardToken: "token" })
        )
      ).pipe(Effect.provide(Loopback.layer(PaymentService, program)))
      deepStrictEqual(asked, { convert: 3, charge: 1 })
    })
  )

  it.live("nobody there is no verdict", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(convert)
      assertTrue(error instanceof CallFailed && error.code === grpc.status.UNAVAILABLE)
    }).pipe(Effect.provide(GrpcClient.layer(CurrencyService, "127.0.0.1:1")))
  )

  it.live("an answer that is no message of the contract is no verdict", () =>
    Effect.gen(function* () {
      const server = new grpc.Server()
      server.addService(CurrencyServiceService, {
        convert: ((_call, reply) => reply(null, { currencyCode: "???", units: 1n, nanos: 0 })) as grpc.handleUnaryCall<
          any,
          unknown
        >
      })
      const port = yield* Effect.async<number>((resume) =>
        server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (_error, port) =>
          resume(Effect.succeed(port))
        )
      )
      const error = yield* Effect.flip(Effect.provide(convert, GrpcClient.layer(CurrencyService, `127.0.0.1:${port}`)))
      server.forceShutdown()
      assertTrue(error instanceof CallFailed && error.code === grpc.status.INTERNAL)
    })
  )
})

describe("draining", () => {
  it.live("finishes what is in flight, refuses what is new, and ends Watches", () =>
    Effect.gen(function* () {
      const [started, go] = [yield* Deferred.make<void>(), yield* Deferred.make<void>()]
      const program = Layer.mock(CurrencyService, {
        convert: ({ from }) =>
          Deferred.succeed(started, undefined).pipe(Effect.zipRight(Deferred.await(go)), Effect.as(from))
      })
      const scope = yield* Scope.make()
      const { port } = yield* Scope.extend(serving(program), scope)
      const answer = yield* Effect.fork(Effect.provide(convert, GrpcClient.layer(CurrencyService, `127.0.0.1:${port}`)))
      yield* Deferred.await(started)
      const closing = yield* Effect.fork(Scope.close(scope, Exit.void))
      yield* Effect.sleep("20 millis")
      yield* Deferred.succeed(go, undefined)
      assertEquals(yield* Fiber.join(answer), usd1)
      yield* Fiber.join(closing)
    })
  )

  it.live("a busy port is a typed error that names it", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const { port } = yield* serving(Layer.mock(CurrencyService, {}))
        const second = GrpcServer.layer(CurrencyService).pipe(
          Layer.provide(Layer.mock(CurrencyService, {})),
          Layer.provide(Layer.setConfigProvider(ConfigProvider.fromMap(new Map([["PORT", String(port)]]))))
        )
        const error = yield* Effect.flip(Layer.build(second))
        assertTrue(error instanceof GrpcServer.BindFailed && error.address.endsWith(String(port)))
      })
    )
  )
})

it.effect("a declined card keeps its reason over the wire", () =>
  Effect.gen(function* () {
    const service = yield* PaymentService
    const error = yield* Effect.flip(
      service.charge({ amount: usd1, creditCard: undefined, idempotencyKey: undefined, cardToken: "token" })
    )
    deepStrictEqual({ ...error }, { ...new CardDeclined({ reason: "stolen-card" }) })
  }).pipe(
    Effect.provide(
      Loopback.layer(
        PaymentService,
        Layer.mock(PaymentService, { charge: () => Effect.fail(new CardDeclined({ reason: "stolen-card" })) })
      )
    )
  )
)
