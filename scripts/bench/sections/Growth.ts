import { Effect } from "effect"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Bench } from "../Bench.ts"
import * as Budgets from "../Budgets.ts"
import * as Catalogue from "../Catalogue.ts"
import * as Compare from "../Compare.ts"
import type { Section } from "../Report.ts"
import * as Shoppers from "../Shoppers.ts"
import * as Table from "../Table.ts"

const concurrency = 16
const sizes = [36, 1_000, 10_000, 100_000] as const

/** One thing that grows, and what a page costs at each of its sizes, in microseconds of CPU. */
interface Growth {
  readonly name: string
  readonly sizes: ReadonlyArray<number>
  readonly costs: ReadonlyArray<number>
}

/** What pages cost in shops of more games, with longer carts, more currencies and more shoppers at once. */
export const run = Effect.fnUntraced(function* (bench: Bench) {
  const folder = yield* Effect.acquireRelease(
    Effect.sync(() => mkdtempSync(join(tmpdir(), "retro-bench-growth-"))),
    (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
  )
  const load = yield* bench.start("load", "scripts/bench/programs/HttpLoad.ts", bench.cores.load)
  const shops = yield* Effect.forEach(sizes, (size) => openShop(bench, folder, size))
  const contestant = (
    name: string,
    { port, process }: (typeof shops)[number],
    requests: ReadonlyArray<string>
  ): Compare.Contestant => ({
    name,
    slice: (millis) =>
      Compare.metered([process], load.ask("load", { port, millis, concurrency: requests.length, requests }))
  })

  const byCatalogue = yield* Effect.forEach(shops, (shop, index) =>
    Effect.map(Shoppers.arrive(shop.port, concurrency), (heads) =>
      catalogued.map((page) => contestant(`${page} ${sizes[index]}`, shop, heads[page]))
    )
  )
  // One of its own: what is asked of it more than of the others would make it quicker.
  const shop = yield* openShop(bench, folder, 1_000)
  const asked = (shopper: Shoppers.Shopper, path: string, count: number) =>
    Effect.map(Effect.replicateEffect(Shoppers.enter(shop.port, shopper), count), (cookies) =>
      cookies.map((cookie) => Shoppers.head(path, cookie))
    )
  const ids = Catalogue.idsOf(folder, 1_000)
  const byCart = yield* Effect.forEach(lines, (count) =>
    Effect.map(asked({ currency: "EUR", bought: ids.slice(0, count) }, "/cart", concurrency), (heads) =>
      contestant(`cart lines ${count}`, shop, heads)
    )
  )
  const byCurrencies = yield* Effect.forEach(currencies, (count) =>
    Effect.map(
      Effect.forEach(codes.slice(0, count), (currency) =>
        asked({ currency, bought: [] }, "/product/OLJCESPC7Z", Math.ceil(20 / count))
      ),
      (heads) => contestant(`currencies ${count}`, shop, heads.flat())
    )
  )
  const everyone = yield* asked({ currency: "EUR", bought: [] }, "/product/OLJCESPC7Z", 256)
  const byShoppers = crowds.map((count): Compare.Contestant => ({
    name: `shoppers ${count}`,
    slice: (millis) =>
      Compare.metered(
        [shop.process],
        load.ask("load", { ...inTheirTime, port: shop.port, millis: 4 * millis, requests: everyone.slice(0, count) })
      )
  }))

  const results = yield* Compare.run("growth", [byCatalogue, byCart, byCurrencies, byShoppers].flat(2), {
    ...bench.plan,
    rounds: Math.min(bench.plan.rounds, 8)
  })
  const costs = (name: string, sizes: ReadonlyArray<number>): Growth => ({
    name,
    sizes,
    costs: sizes.map((size) => results.find((result) => result.name === `${name} ${size}`)?.cpu ?? NaN)
  })
  const ofCatalogue = catalogued.map((page) => costs(page, sizes))
  const others = [costs("cart lines", lines), costs("currencies", currencies), costs("shoppers", crowds)]
  return {
    title: "Growth: CPU per page of the shop in one process",
    unit: "pages",
    note: "The exponent says how cost follows size from the second size on: 0 not at all, 1 in proportion. A search finds eight games.",
    results: [],
    more: [...ofCatalogue.map(toText), ...others.map(toText)],
    figures: [...ofCatalogue, ...others],
    budgets: ofCatalogue.map((growth) =>
      Budgets.atMost(`${growth.name} page, by games: exponent`, exponent(growth), Budgets.most.growth)
    )
  } satisfies Section
})

const catalogued = ["product", "cart", "search"] as const
const lines = [1, 10, 50]
const currencies = [1, 10]
const crowds = [1, 16, 256]
/**
 * However many they are, they read what they have asked for: so many pages in a second, over all their connections. All of
 * them asking at once is not growth but too much to do, and refused.
 */
const inTheirTime = { concurrency: 256, rate: 100 }
const codes = ["EUR", "JPY", "GBP", "TRY", "CAD", "HUF", "KRW", "IDR", "ISK", "CHF"]

const openShop = Effect.fnUntraced(function* (bench: Bench, folder: string, size: number) {
  yield* Effect.sync(() => Catalogue.write(folder, size))
  return yield* bench.serve({
    name: `shop of ${size}`,
    program: bench.programs.station,
    cores: bench.cores.measured,
    environment: { PRODUCTS_FILE: Catalogue.fileOf(folder, size) }
  })
})

/** The slope of cost over size, both as logarithms, from the second size to the last: from the first where there are two. */
const exponent = ({ costs, sizes }: Growth): number => {
  const from = sizes.length > 2 ? 1 : 0
  const [size = 1, cost = NaN] = [sizes[from], costs[from]]
  return Math.log((costs.at(-1) ?? NaN) / cost) / Math.log((sizes.at(-1) ?? NaN) / size)
}

const toText = (growth: Growth): string =>
  Table.make(
    [growth],
    [
      { heading: "", cell: ({ name }) => name },
      ...growth.sizes.map((size, index) => ({
        heading: Table.number(size),
        cell: ({ costs }: Growth) => `${Table.number(costs[index] ?? NaN)} µs`
      })),
      { heading: "exponent", cell: (growth) => exponent(growth).toFixed(2) }
    ]
  )
