import { afterAll, describe, layer, it } from "@effect/vitest"
import { assertEquals, assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { Address } from "@retro/domain/Address"
import { CreditCard } from "@retro/domain/CreditCard"
import { Effect, Either, Queue, Redacted } from "effect"
import { randomBytes } from "node:crypto"
import * as TemporaryFolder from "../../appendlog/test/TemporaryFolder.ts"
import * as Child from "../../process/test/Child.ts"
import * as Collector from "../../process/test/Collector.ts"
import * as RedisServer from "../../redis/test/RedisServer.ts"
import * as Canaries from "./Canaries.ts"
import { atRest, KillShop, layerRedis, order, type Path } from "./KillShop.ts"
import * as Shopper from "../purchase/Shopper.ts"

/** Where was looked, in how much, and how many canaries were there: what `npm run leakcheck` prints. */
const searched: Array<{ place: string; texts: number; kilobytes: number; found: number }> = []
afterAll(() => console.table(searched))

const nothing = (
  place: string,
  texts: ReadonlyArray<string>,
  values: Readonly<Record<string, string>> = Canaries.values
) => {
  const leaks = texts.flatMap((text) => {
    const canaries = Canaries.found(text, values)
    return canaries.length > 0 ? [{ place, text: text.slice(0, 400), canaries }] : []
  })
  const characters = texts.reduce((sum, text) => sum + text.length, 0)
  searched.push({ place, texts: texts.length, kilobytes: Math.ceil(characters / 1000), found: leaks.length })
  assertTrue(characters > 0, place)
  deepStrictEqual(leaks, [])
}

describe("what is written of a shopper", { timeout: 90_000 }, () => {
  it("is found where it is planted, in clear and encoded", () => {
    for (const [name, value] of Object.entries(Canaries.values)) {
      deepStrictEqual(Canaries.found(`{"a":"${value}"}`, Canaries.values).includes(name), true)
      if (value.length < 4) continue
      for (const before of ["", "1", "12"]) {
        for (const encoding of ["base64", "hex"] as const) {
          const text = Buffer.from(`${before}${value} and more`).toString(encoding)
          assertTrue(Canaries.found(text, Canaries.values).includes(name))
        }
      }
    }
    deepStrictEqual(Canaries.found(`"id":"12907-907a" 9074 0.907`, Canaries.values), [])
  })
})

describe.skipIf(!RedisServer.installed)(
  "nothing in clear of a shopper, in Redis and in logs",
  { timeout: 90_000 },
  () => {
    layer(layerRedis, { excludeTestServices: true, timeout: "60 seconds" })((it) => {
      /** An order that holds all canaries. */
      const planted = Effect.fnUntraced(function* (path: Path, number = Canaries.card.number) {
        const placed = yield* order(path)
        const request = {
          ...placed.request,
          address: new Address({
            ...placed.request.address,
            recipient: Canaries.person.name,
            streetAddress: Canaries.person.street
          }),
          email: Redacted.make(Canaries.person.email),
          creditCard: new CreditCard({
            ...placed.request.creditCard,
            number: Redacted.make(number),
            securityCode: Redacted.make(Canaries.card.securityCode)
          })
        }
        return { ...placed, request }
      })

      it.scoped("R3: not by any path of an order, nor when services, checkout or Redis are killed", () =>
        Effect.gen(function* () {
          const { gate, key, redis, replica, services, steady } = yield* KillShop
          const victim = yield* replica({ JOURNAL_LEASE: "1 second", LOG_LEVEL: "debug" })

          const sold = yield* planted("success")
          assertTrue(Either.isRight(yield* Effect.either(steady.placeOrder(sold.request))))
          const declined = yield* planted("decline", "4432801561520512")
          assertEquals((yield* Effect.flip(steady.placeOrder(declined.request)))._tag, "CardDeclined")
          const unshipped = yield* planted("no carrier")
          assertEquals((yield* Effect.flip(steady.placeOrder(unshipped.request)))._tag, "ShippingUnavailable")
          const mistyped = yield* planted("success", "4916338506082833")
          assertEquals((yield* Effect.flip(steady.placeOrder(mistyped.request)))._tag, "InvalidCardNumber")

          const orders = yield* Effect.forEach(
            ["charge", "shipOrder", "sendOrderConfirmation"],
            Effect.fnUntraced(function* (rpc) {
              const placed = yield* planted("success")
              const held = gate.hold({ orderId: placed.id, rpc, side: "before" })
              yield* Effect.fork(Effect.either(victim.placeOrder(placed.request)))
              yield* held.reached
              return { placed, held }
            })
          )
          yield* Effect.all([services.payment.end("SIGKILL"), services.email.end("SIGKILL"), redis.kill])
          for (const { held } of orders) yield* held.release
          yield* Effect.repeat(Effect.sleep("20 millis"), {
            until: () => victim.lines.some((line) => line.includes("no answer from Redis"))
          })
          yield* Effect.all([redis.start, services.payment.start, services.email.start])
          yield* victim.end("SIGKILL")
          yield* Effect.forEach(orders, ({ placed }) => atRest(steady, placed), { concurrency: "unbounded" })

          const written = yield* Canaries.inRedis(redis.port)
          assertTrue(written.some((text) => text.includes(sold.id)))
          const logs = [...Object.values(services), steady, victim].flatMap(({ lines }) => lines)
          assertTrue(logs.some((line) => line.includes("order confirmation sent")))
          nothing("Redis, after kills", written, { ...Canaries.values, key })
          nothing("logs of nine processes, after kills", logs, { ...Canaries.values, key })
        })
      )
    })
  }
)

describe("nothing in clear of a shopper, in files, logs, error pages and telemetry", { timeout: 90_000 }, () => {
  it.scopedLive("R3: not by a purchase, a declined card, or any form that is refused", () =>
    Effect.gen(function* () {
      const folder = yield* TemporaryFolder.make
      const keys = { SESSION_KEY: randomBytes(32).toString("base64"), PII_KEY: randomBytes(32).toString("base64") }
      const collector = yield* Collector.make()
      const runner = yield* Child.start(
        { ...keys, RATES: "snapshot", DATA_DIR: folder, OTEL_EXPORTER_OTLP_ENDPOINT: collector.url },
        "scripts/services.ts",
        "--without",
        "redis"
      )
      const logs: Array<string> = []
      const listen = Effect.tap(runner.line(/.*/), ({ text }) => Effect.sync(() => void logs.push(text)))
      yield* Effect.repeat(listen, { until: ({ text }) => text.startsWith("The shop answers at") })
      const port = Number(/localhost:(\d+)/.exec(logs.at(-1) ?? "")?.[1])
      yield* Effect.forkScoped(Effect.forever(listen))

      const shopper = Shopper.make(port)
      const pages: Array<Shopper.Page> = []
      const submit = Effect.fnUntraced(function* (changes: Record<string, string> = {}) {
        yield* shopper.post("/cart", { product_id: "OLJCESPC7Z", quantity: "1" })
        const form = {
          ...Shopper.hidden(yield* shopper.get("/cart"), "/cart/checkout"),
          email: Canaries.person.email,
          name: Canaries.person.name,
          street_address: Canaries.person.street,
          zip_code: "01234",
          city: "Springfield",
          state: "",
          country: "US",
          credit_card_number: Canaries.card.number,
          credit_card_expiration_month: "1",
          credit_card_expiration_year: "2039",
          credit_card_cvv: Canaries.card.securityCode,
          ...changes
        }
        const page = yield* shopper.post("/cart/checkout", form)
        pages.push(page)
        return page
      })

      yield* shopper.get("/")
      const placed = yield* submit()
      assertEquals(placed.status, 303)
      pages.push(yield* shopper.get(placed.location ?? ""), yield* shopper.get("/orders"))
      assertEquals((yield* submit({ credit_card_number: "4432801561520512" })).status, 402)
      for (const changes of [
        { credit_card_number: Canaries.card.number.replace(/.$/, "3") },
        { credit_card_number: `${Canaries.card.number}x` },
        { credit_card_number: "4916 3385 0608 2832", credit_card_expiration_year: "2020" },
        { credit_card_cvv: `${Canaries.card.securityCode}77` },
        { email: `${Canaries.person.email} ` + "@" },
        { street_address: `${Canaries.person.street}${"!".repeat(300)}` },
        { name: `${Canaries.person.name}\u0007` },
        { country: Canaries.person.name },
        { country: "KP" },
        { idempotency_key: Canaries.person.email },
        { shown_total: Canaries.card.number }
      ]) {
        const page = yield* submit(changes)
        assertTrue(page.status >= 400 && page.status < 600)
      }
      const { "shop_session-id": session = "" } = yield* shopper.cookies
      assertTrue(session.length > 40)
      const secrets = { ...keys, session }
      const everything = { ...Canaries.values, ...secrets }
      nothing(
        "pages in front of their owner (cards and keys)",
        pages.map(({ html }) => html),
        { ...Canaries.cardValues, ...secrets }
      )
      const errors = yield* Effect.all([
        shopper.get(`/nowhere/${encodeURIComponent(Canaries.person.email)}`),
        shopper.get(`/order/${encodeURIComponent(Canaries.person.name)}`),
        shopper.post(`/dev`, { credit_card_number: Canaries.card.number, street_address: Canaries.person.street })
      ])
      nothing(
        "error pages",
        errors.map(({ html }) => html),
        everything
      )

      yield* runner.signal("SIGINT")
      yield* runner.exitCode
      const files = Canaries.inFiles(folder)
      assertTrue(files.some((file) => file.includes("PlaceOrder@1")) && files.length >= 4)
      nothing("files of journals and outcomes", files, everything)
      nothing("logs of nine processes, purchases and refusals", [...logs, ...runner.errors], everything)
      const sent = [...(yield* Queue.takeAll(collector.sent))]
      for (const [name, path, what] of [
        ["spans", "/v1/traces", "retrostation.PaymentService/Charge"],
        ["metrics", "/v1/metrics", "journal_concluded_total"],
        ["log records", "/v1/logs", "order confirmation sent"]
      ] as const) {
        const texts = sent.flatMap((one) => (one.path === path ? [one.text] : []))
        assertTrue(
          texts.some((text) => text.includes(what)),
          path
        )
        nothing(`${name} by OTLP`, texts, everything)
      }
    })
  )
})
