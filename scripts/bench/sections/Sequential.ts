import { Effect } from "effect"
import type { Bench } from "../Bench.ts"
import * as Budgets from "../Budgets.ts"
import * as Compare from "../Compare.ts"
import type { Section } from "../Report.ts"
import * as Shoppers from "../Shoppers.ts"
import * as Shops from "../Shops.ts"

const concurrency = 16

/** The home page of nine processes beside the one that asks twelve times in a row, of the same services. */
export const run = Effect.fnUntraced(function* (bench: Bench) {
  const load = yield* bench.start("load", "scripts/bench/programs/HttpLoad.ts", bench.cores.load)
  const shop = yield* Shops.split(bench)
  const sequential = yield* bench.serve({
    name: "sequential",
    program: "scripts/bench/programs/SequentialHome.ts",
    cores: bench.cores.shop,
    environment: shop.environment
  })
  const processes = [...shop.processes, sequential.process]
  const contestant = (name: string, port: number, requests: ReadonlyArray<string>): Compare.Contestant => ({
    name,
    base: twelve,
    slice: (millis) => Compare.metered(processes, load.ask("load", { port, millis, concurrency, requests }))
  })
  const heads = Array.from({ length: concurrency }, () => Shoppers.head("/", "shop_currency=EUR"))
  const { home } = yield* Shoppers.arrive(shop.port, concurrency)
  const ours = bench.options.prove ? contestant("home", sequential.port, heads) : contestant("home", shop.port, home)
  const results = yield* Compare.run("sequential", [contestant(twelve, sequential.port, heads), ours], bench.plan)
  return {
    title: "Home page of nine processes, beside twelve calls in a row",
    unit: "pages",
    note: `${concurrency} shoppers; CPU of all processes. The twelve calls show nine games, the shop's own page all 36.`,
    results,
    budgets: [
      Budgets.atLeast(
        "home page of nine processes",
        Compare.ratioOf(results, "home"),
        Budgets.ratios["home page of nine processes"]
      )
    ]
  } satisfies Section
})

const twelve = "twelve calls in a row"
