// The home page as node:http serves it when everything that it shows is in memory: rendered for each request by the
// shop's own view, with nothing of Effect around it. The base that the shop's home page is compared with.
import { CatalogCache } from "@retro/frontend/CatalogCache"
import { CookieJar } from "@retro/frontend/CookieJar"
import { Assets } from "@retro/frontend/Assets"
import { PageChrome } from "@retro/frontend/PageChrome"
import { Proxies } from "@retro/frontend/Proxies"
import * as Response from "@retro/frontend/Response"
import { Sessions } from "@retro/frontend/Session"
import { Site } from "@retro/frontend/Site"
import * as HomePage from "@retro/frontend/views/HomePage"
import * as DevMailbox from "@retro/station/DevMailbox"
import * as Station from "@retro/station/Station"
import * as Stores from "@retro/station/Stores"
import { Effect, Layer } from "effect"
import { createServer } from "node:http"

const shop = PageChrome.layer.pipe(
  Layer.provideMerge(Layer.mergeAll(Assets.layer, CatalogCache.layer, Site.layerConfig)),
  Layer.provideMerge(Sessions.layerConfig.pipe(Layer.provide(CookieJar.layer))),
  Layer.provide(Proxies.layerConfig),
  Layer.provide(DevMailbox.layer),
  Layer.provide(Station.services(Station.fused)),
  Layer.provide(Layer.mergeAll(Stores.inMemory, Stores.bundled))
)

const known = Effect.gen(function* () {
  const cache = yield* CatalogCache
  const chrome = yield* PageChrome
  const sessions = yield* Sessions
  const request = { method: "GET", path: "/", query: "", peer: "", headers: {}, body: Effect.succeed(Buffer.alloc(0)) }
  const session = yield* sessions.of(request)
  const requestId = "00000000-0000-0000-0000-000000000000"
  const visit = { request, params: {}, requestId, session, currency: "EUR", theme: "auto" } as const
  const products = yield* cache.priced(visit.currency)
  return { chrome: yield* chrome.around(visit), products }
})

const { chrome, products } = await Effect.runPromise(Effect.provide(known, shop))

/** What is the same on every page is rendered for each of them, or once with `SHELVES=once`. */
const render = () => HomePage.shelves(chrome, products)
const once = render()
const shelves = process.env["SHELVES"] === "once" ? () => once : render

createServer((_incoming, outgoing) => {
  const { body, headers, status } = Response.page(200, HomePage.view(chrome, shelves()))
  for (const name in headers) outgoing.setHeader(name, headers[name]!)
  outgoing.setHeader("content-length", Buffer.byteLength(body))
  outgoing.writeHead(status)
  outgoing.end(body)
}).listen(Number(process.env["PORT"]))
