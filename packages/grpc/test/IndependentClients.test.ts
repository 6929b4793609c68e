import { describe, it } from "@effect/vitest"
import { assertTrue, deepStrictEqual, strictEqual } from "@effect/vitest/utils"
import { CurrencyService, UnsupportedCurrency } from "@retro/contract/CurrencyService"
import { PaymentService } from "@retro/contract/PaymentService"
import * as Money from "@retro/domain/Money"
import { ConfigProvider, Context, Deferred, Effect, Either, Exit, Layer, Scope, Stream } from "effect"
import { execFileSync, spawn } from "node:child_process"
import { fileURLToPath } from "node:url"
import * as GrpcServer from "../src/GrpcServer.ts"

/** Answers with what it was asked, in euros; knows no yen. */
const program = Layer.mock(CurrencyService, {
  convert: ({ from, toCode }) =>
    toCode === "JPY"
      ? new UnsupportedCurrency({ code: toCode })
      : Effect.succeed(Either.getOrThrow(Money.make(toCode, from.units, from.nanos)))
})

const serve = Layer.build(
  GrpcServer.layer(CurrencyService, PaymentService).pipe(
    Layer.provide([program, Layer.mock(PaymentService, {})]),
    Layer.provide(Layer.setConfigProvider(ConfigProvider.fromMap(new Map([["PORT", "0"]]))))
  )
).pipe(Effect.map((context) => Context.get(context, GrpcServer.GrpcServer).port))

const services = ["grpc.health.v1.Health", "retrostation.CurrencyService", "retrostation.PaymentService"]
const dollar = { from: { currencyCode: "USD", units: "9007199254740993", nanos: 5 }, toCode: "EUR" }

/** The lines that a program prints, as it prints them; ends when it does. */
const lines = (command: string, args: ReadonlyArray<string>) =>
  Stream.asyncPush<string>((emit) =>
    Effect.acquireRelease(
      Effect.sync(() => {
        const child = spawn(command, args, { cwd: fileURLToPath(new URL("../../..", import.meta.url)) })
        for (const output of [child.stdout, child.stderr]) output.on("data", (chunk) => emit.single(String(chunk)))
        child.on("error", (error) => emit.single(error.message))
        child.on("close", () => emit.end())
        return child
      }),
      (child) => Effect.sync(() => child.kill())
    )
  ).pipe(Stream.splitLines)

const text = (command: string, args: ReadonlyArray<string>) =>
  Stream.mkString(Stream.intersperse(lines(command, args), "\n"))

describe("buf curl", () => {
  const buf = (port: number, path: string, ...args: ReadonlyArray<string>) =>
    text("node_modules/.bin/buf", [
      "curl",
      "--protocol",
      "grpc",
      "--http2-prior-knowledge",
      ...args,
      `http://127.0.0.1:${port}${path}`
    ])

  for (const version of ["v1", "v1alpha"]) {
    it.scopedLive(`lists services and methods by reflection ${version}`, () =>
      Effect.gen(function* () {
        const port = yield* serve
        const reflect = ["--reflect-protocol", `grpc-${version}`]
        deepStrictEqual((yield* buf(port, "", "--list-services", ...reflect)).split("\n").sort(), services)
        const methods = yield* buf(port, "", "--list-methods", ...reflect)
        assertTrue(methods.split("\n").includes("retrostation.CurrencyService/Convert"))
      })
    )
  }

  it.scopedLive("gets an answer with every digit of an int64", () =>
    Effect.gen(function* () {
      const answer = yield* buf(yield* serve, "/retrostation.CurrencyService/Convert", "--data", JSON.stringify(dollar))
      deepStrictEqual(JSON.parse(answer), { currencyCode: "EUR", units: "9007199254740993", nanos: 5 })
    })
  )

  it.scopedLive("gets a typed error with its details", () =>
    Effect.gen(function* () {
      const data = JSON.stringify({ ...dollar, toCode: "JPY" })
      const refused = JSON.parse(yield* buf(yield* serve, "/retrostation.CurrencyService/Convert", "--data", data))
      strictEqual(refused.code, "invalid_argument")
      strictEqual(refused.details[0].type, "google.rpc.ErrorInfo")
      assertTrue(Buffer.from(refused.details[0].value, "base64").includes("UnsupportedCurrency"))
    })
  )
})

const python = "/usr/bin/python3"
const hasGrpcio = Either.isRight(Either.try(() => execFileSync(python, ["-c", "import grpc"], { stdio: "ignore" })))
const unless = hasGrpcio ? "" : " (skipped for want of it: apt-get install python3-grpcio)"

describe.skipIf(!hasGrpcio)(`python3-grpcio${unless}`, () => {
  const client = (port: number, ...args: ReadonlyArray<string>) =>
    lines(python, [fileURLToPath(new URL("client.py", import.meta.url)), `127.0.0.1:${port}`, ...args]).pipe(
      Stream.mapEffect((line) => Effect.try(() => JSON.parse(line)))
    )
  const ask = (port: number, ...args: ReadonlyArray<string>) => Effect.flatten(Stream.runHead(client(port, ...args)))
  const check = (port: number, service: string) =>
    ask(port, "call", "grpc.health.v1.Health", "Check", JSON.stringify({ service }))

  it.scopedLive("lists services by reflection v1 and v1alpha", () =>
    Effect.gen(function* () {
      const port = yield* serve
      deepStrictEqual(yield* ask(port, "list", "v1"), services)
      deepStrictEqual(yield* ask(port, "list", "v1alpha"), services)
    })
  )

  it.scopedLive("gets an answer", () =>
    Effect.gen(function* () {
      const answer = yield* ask(yield* serve, "call", "retrostation.CurrencyService", "Convert", JSON.stringify(dollar))
      deepStrictEqual(answer, { currencyCode: "EUR", units: "9007199254740993", nanos: 5 })
    })
  )

  it.scopedLive("reads what a typed error says, and which fields are wrong", () =>
    Effect.gen(function* () {
      const convert = ["call", "retrostation.CurrencyService", "Convert"]
      const port = yield* serve
      deepStrictEqual(yield* ask(port, ...convert, JSON.stringify({ ...dollar, toCode: "JPY" })), {
        code: "INVALID_ARGUMENT",
        message: "UnsupportedCurrency",
        details: [
          {
            type: "google.rpc.ErrorInfo",
            reason: "UnsupportedCurrency",
            domain: "retrostation",
            metadata: { code: "JPY" }
          }
        ]
      })
      deepStrictEqual(yield* ask(port, ...convert, JSON.stringify({ ...dollar, toCode: "<b>" })), {
        code: "INVALID_ARGUMENT",
        message: "invalid request: toCode",
        details: [
          {
            type: "google.rpc.BadRequest",
            fieldViolations: [{ field: "toCode", description: "is missing or not valid" }]
          }
        ]
      })
    })
  )

  it.scopedLive("D28: is told the health of each service by its name, and of none by another", () =>
    Effect.gen(function* () {
      const port = yield* serve
      for (const service of ["", "retrostation.CurrencyService", "retrostation.PaymentService"]) {
        deepStrictEqual(yield* check(port, service), { status: "SERVING" })
      }
      strictEqual((yield* check(port, "retrostation.CartService")).code, "NOT_FOUND")
    })
  )

  it.live("D28: sees SERVING and, when the server drains, NOT_SERVING and the end", () =>
    Effect.gen(function* () {
      const scope = yield* Scope.make()
      const port = yield* Scope.extend(serve, scope)
      const serving = yield* Deferred.make<void>()
      const watch = yield* client(port, "watch", JSON.stringify({ service: "retrostation.CurrencyService" })).pipe(
        Stream.tap(() => Deferred.succeed(serving, undefined)),
        Stream.runCollect,
        Effect.fork
      )
      yield* Deferred.await(serving)
      yield* Scope.close(scope, Exit.void)
      deepStrictEqual([...(yield* watch)], [{ status: "SERVING" }, { status: "NOT_SERVING" }])
    })
  )
})
