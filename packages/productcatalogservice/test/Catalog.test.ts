import { describe, it } from "@effect/vitest"
import { assertEquals, assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import * as Json from "@retro/domain/Json"
import { Product } from "@retro/domain/Product"
import { ConfigProvider, Context, Effect, Layer, Logger, Schema } from "effect"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Catalog, CatalogBroken, layerFile } from "../src/Catalog.ts"
import * as ReloadSignals from "../src/ReloadSignals.ts"
import { game, idsOf } from "./products.ts"

const encode = Schema.encodeSync(Json.codec(Product))
const json = (...products: ReadonlyArray<unknown>) => JSON.stringify({ products })
const valid = encode(game("A"))

/** A file that holds the text, and can be made to hold another. */
const temporaryFile = Effect.fnUntraced(function* (text: string) {
  const folder = yield* Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "retro-catalog-"))),
    (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
  )
  const path = join(folder, "products.json")
  const write = (text: string) => Effect.sync(() => writeFileSync(path, text))
  yield* write(text)
  return { path, write }
})

const at = (path: string) =>
  Layer.provide(layerFile, Layer.setConfigProvider(ConfigProvider.fromMap(new Map([["PRODUCTS_FILE", path]]))))

const load = (path: string) => Effect.map(Layer.build(at(path)), Context.get(Catalog))

const problems = Effect.fnUntraced(function* (text: string) {
  const { path } = yield* temporaryFile(text)
  const error = yield* Effect.flip(load(path))
  assertTrue(error instanceof CatalogBroken)
  return error.problems
})

describe("the catalogue of the shop", () => {
  it.scopedLive("has 36 games that pass its own schema, the nine original ids first among them", () =>
    Effect.gen(function* () {
      const { current } = yield* Effect.map(Layer.build(layerFile), Context.get(Catalog))
      const { byId, products } = yield* current
      assertEquals(products.length, 36)
      const prices = {
        OLJCESPC7Z: 19.99,
        "66VCHSJNUP": 18.99,
        "1YMWWN1N4O": 109.99,
        L9ECAV7KIM: 89.99,
        "2ZYFJ3GM2N": 24.99,
        "0PUK6V6EV0": 18.99,
        LS4PSXUNUM: 18.49,
        "9SIQT8TOJO": 5.49,
        "6E92ZMYYFZ": 8.99
      }
      for (const [id, price] of Object.entries(prices)) {
        const { priceUsd } = byId.get(Product.fields.id.make(id)) ?? game("none")
        assertEquals(Number(priceUsd.units) + priceUsd.nanos / 1e9, price)
      }
    })
  )
})

describe("a catalogue file", () => {
  it.scopedLive("gives its products in its order", () =>
    Effect.gen(function* () {
      const { path } = yield* temporaryFile(json(encode(game("B")), valid))
      const { current } = yield* load(path)
      deepStrictEqual(idsOf((yield* current).products), idsOf([game("B"), game("A")]))
    })
  )

  it.scopedLive("D25: stops the start when it is missing, no JSON, or without products", () =>
    Effect.gen(function* () {
      const missing = yield* Effect.flip(load("/nowhere/products.json"))
      assertTrue(missing instanceof CatalogBroken)
      deepStrictEqual(missing.problems, ["/nowhere/products.json cannot be read"])
      for (const text of ["", "{", "[]", "{}", json(), `{"products":{}}`]) {
        deepStrictEqual(yield* problems(text), ["it is no JSON object with at least one of `products`"])
      }
    })
  )

  it.scopedLive("D25: stops the start with the product and the field that are wrong, and no value", () =>
    Effect.gen(function* () {
      const secret = { ...valid, priceUsd: { currencyCode: "USD", units: "secret", nanos: 0 }, year: "secret" }
      deepStrictEqual(yield* problems(json(valid, secret)), ["product A: priceUsd.units", "product A: year"])
      deepStrictEqual(yield* problems(json({ ...valid, id: "not an id" })), ["product number 1: id"])
      deepStrictEqual(yield* problems(json(valid, "secret")), ["product number 2: is no product"])
      const { name: _, ...nameless } = valid
      deepStrictEqual(yield* problems(json(nameless, { ...valid, categories: ["ok", "NOT OK"] })), [
        "product A: name",
        "product A: categories.1"
      ])
    })
  )

  it.scopedLive("D25: stops the start when a price is in another currency, negative or finer than a cent", () =>
    Effect.gen(function* () {
      const priced = (currencyCode: string, units: string, nanos: number) =>
        json({ ...valid, priceUsd: { currencyCode, units, nanos } })
      for (const text of [
        priced("EUR", "1", 0),
        priced("USD", "-1", 0),
        priced("USD", "1", 1),
        priced("???", "1", 0)
      ]) {
        assertTrue((yield* problems(text))[0]?.startsWith("product A: priceUsd") ?? false)
      }
    })
  )

  it.scopedLive("stops the start when an id is there twice", () =>
    Effect.gen(function* () {
      deepStrictEqual(yield* problems(json(valid, valid)), ["product A: id is there twice"])
    })
  )
})

describe("a changed catalogue file", () => {
  it.scopedLive("is read on every call while that is on, and not before or after", () =>
    Effect.gen(function* () {
      const { path, write } = yield* temporaryFile(json(valid))
      const { current, reloadOnEveryCall } = yield* load(path)
      const shown = Effect.map(current, ({ products }) => idsOf(products).join())
      yield* write(json(encode(game("B"))))
      assertEquals(yield* shown, "A")
      yield* reloadOnEveryCall(true)
      assertEquals(yield* shown, "B")
      yield* write(json(encode(game("C"))))
      assertEquals(yield* shown, "C")
      yield* reloadOnEveryCall(false)
      yield* write(json(encode(game("D"))))
      assertEquals(yield* shown, "C")
    })
  )

  it.scopedLive("D25: leaves the last good catalogue on sale when it is broken, and says so", () =>
    Effect.gen(function* () {
      const { path, write } = yield* temporaryFile(json(valid))
      const { current, reloadOnEveryCall } = yield* load(path)
      yield* reloadOnEveryCall(true)
      yield* write(json({ ...valid, name: "" }))
      const said: Array<string> = []
      const logger = Logger.make(({ logLevel, message }) => void said.push(`${logLevel.label} ${String(message)}`))
      const { products } = yield* Effect.provide(current, Logger.replace(Logger.defaultLogger, logger))
      deepStrictEqual(idsOf(products), idsOf([game("A")]))
      deepStrictEqual(said, ["ERROR keeping the last good catalogue: the catalogue is broken: product A: name"])
    })
  )

  it.scopedLive("is read on every call from SIGUSR1 to SIGUSR2", () =>
    Effect.gen(function* () {
      const switched: Array<boolean> = []
      const catalog = Layer.succeed(Catalog, {
        current: Effect.never,
        reloadOnEveryCall: (on) => Effect.sync(() => void switched.push(on))
      })
      const before = process.listenerCount("SIGUSR1")
      yield* Effect.scoped(
        Effect.gen(function* () {
          yield* Layer.build(Layer.provide(ReloadSignals.layer, catalog))
          process.emit("SIGUSR1")
          process.emit("SIGUSR2")
          deepStrictEqual(switched, [true, false])
        })
      )
      assertEquals(process.listenerCount("SIGUSR1"), before)
    })
  )
})
