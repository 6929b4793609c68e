import { Effect } from "effect"
import type { Bench, Server } from "../Bench.ts"
import * as Budgets from "../Budgets.ts"
import * as Compare from "../Compare.ts"
import type { Section } from "../Report.ts"
import * as Shoppers from "../Shoppers.ts"

const concurrency = 16

/** Pages of the shop in one process, beside node:http that renders the same home page from memory. */
export const run = Effect.fnUntraced(function* (bench: Bench) {
  const { cores, options, plan } = bench
  const load = yield* bench.start("load", "scripts/bench/programs/HttpLoad.ts", cores.load)
  const serve = (program: string, more: Partial<Server> = {}) =>
    bench.serve({ name: program, program, cores: cores.measured, ...more })
  const contestant = (
    name: string,
    { port, process }: Served,
    requests: ReadonlyArray<string>
  ): Compare.Contestant => ({
    name,
    slice: (millis) => Compare.metered([process], load.ask("load", { port, millis, concurrency, requests })),
    base: bare
  })
  const pagesOf = Effect.fnUntraced(function* (served: Served, when = "") {
    const requests = yield* Shoppers.arrive(served.port, concurrency)
    return Object.entries(requests).map(([page, heads]) => contestant(`${page}${when}`, served, heads))
  })

  const base = yield* serve("scripts/bench/programs/BareHome.ts")
  const once = yield* serve("scripts/bench/programs/BareHome.ts", { environment: { SHELVES: "once" } })
  const heads = Array.from({ length: concurrency }, () => Shoppers.head("/", "shop_currency=EUR"))
  const before =
    options.beside === undefined
      ? []
      : yield* pagesOf(yield* serve(bench.programs.station, { packages: options.beside }), " before")
  const shop = yield* serve(bench.programs.station)
  const ours = yield* pagesOf(shop)
  const untraced = yield* serve(bench.programs.station, { environment: { OTEL_TRACES_SAMPLER: "always_off" } })
  const [home] = yield* pagesOf(untraced, ", not traced")
  const bases = [contestant(bare, base, heads), contestant(`${bare}, games rendered once`, once, heads)]
  const all = [...bases, ...before, ...ours, ...(home === undefined ? [] : [home])]
  const results = yield* Compare.run("pages", all, plan)
  return {
    title: "Pages of the shop in one process",
    unit: "pages",
    note: `${concurrency} shoppers, each with a session and three games in the cart, prices in euros; all ratios to the bare home page. As \`npm start\` does it, every page is traced.`,
    results,
    more: (yield* Effect.forEach(ours, (page) => bench.profile(page, shop.process))).flat(),
    budgets: [Budgets.atLeast("home page", Compare.ratioOf(results, "home"), Budgets.ratios["home page"])]
  } satisfies Section
})

type Served = Effect.Effect.Success<ReturnType<Bench["serve"]>>

const bare = "bare node:http home"
