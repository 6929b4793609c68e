import { ConfigProvider, Effect, Layer, Runtime } from "effect"
import * as Routes from "../src/Routes.ts"
import { Assets } from "../src/Assets.ts"
import { CatalogCache } from "../src/CatalogCache.ts"
import { CookieJar } from "../src/CookieJar.ts"
import { PageChrome } from "../src/PageChrome.ts"
import { Sessions } from "../src/Session.ts"
import { Site } from "../src/Site.ts"
import * as PagePrices from "../src/PagePrices.ts"
import * as Tiers from "./Tiers.ts"
const parts = Layer.mergeAll(PageChrome.layer, Sessions.layerConfig).pipe(
  Layer.provideMerge(Layer.mergeAll(Assets.layer, CatalogCache.layer, CookieJar.layerConfig, Site.layerConfig)))
const tiers = Tiers.make()
for (let i = 0; i < 30; i++) tiers.products.push({ ...Tiers.games[i % 6]!, id: "G" + i } as never)
await Effect.runPromise(Effect.scoped(Effect.gen(function*() {
  const ctx = yield* Layer.build(parts.pipe(Layer.provideMerge(Tiers.layer(tiers)), Layer.provide(Layer.setConfigProvider(ConfigProvider.fromMap(new Map([["SESSION_KEY", "k".repeat(40)]]))))))
  const app = yield* Effect.provide(Routes.make, ctx)
  const rt = yield* Effect.runtime()
  const run = Runtime.runFork(rt)
  const first = yield* app({ method: "GET", path: "/", query: "", headers: {}, body: Effect.never })
  const cookie = String((first.headers["set-cookie"] as any)[0]).split(";")[0]
  console.log(String(first.body).length)
  const chrome = yield* Effect.provide(PageChrome, ctx)
  const cache = yield* Effect.provide(CatalogCache, ctx)
  const sessions = yield* Effect.provide(Sessions, ctx)
  const req = { method: "GET", path: "/", query: "", headers: { cookie }, body: Effect.never }
  const session = yield* sessions.of(req)
  const visit: any = { request: req, params: {}, requestId: "1", session, currency: "EUR", theme: "auto" }
  const bench = (name: string, eff: Effect.Effect<any, any>) => Effect.promise(async () => {
    const go = async (n: number) => { for (let i = 0; i < n; i++) await new Promise((r) => run(eff).addObserver(r)) }
    await go(500); const c = process.cpuUsage(); await go(3000); const u = process.cpuUsage(c); console.log(name, ((u.user + u.system) / 3000).toFixed(1)) })
  yield* bench("succeed", Effect.succeed(1))
  yield* bench("sessions.of", sessions.of(req))
  yield* bench("products", cache.products)
  yield* bench("currencies", cache.currencies)
  yield* bench("around", chrome.around(visit))
  yield* bench("prices", PagePrices.ofProducts(cache.converter, "EUR", tiers.products))
  yield* bench("all", Effect.all([cache.products, chrome.around(visit)], {concurrency: "unbounded"}))
  yield* bench("all seq", Effect.all([cache.products, chrome.around(visit)]))
  for (const path of ["/", "/product/OLJCESPC7Z", "/cart", "/_healthz"]) {
    const go = (n: number) => Effect.promise(async () => { for (let i = 0; i < n; i++) await new Promise((r) => run(app({ method: "GET", path, query: "", headers: { cookie: cookie + "; shop_currency=EUR" }, body: Effect.never })).addObserver(r)) })
    yield* go(500)
    const c = process.cpuUsage(); const n = 2000
    tiers.calls.length = 0
    yield* go(n)
    const u = process.cpuUsage(c)
    console.log(path, ((u.user + u.system) / n).toFixed(1), "us/page")
  }
})))
