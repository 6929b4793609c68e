import { Effect, Runtime } from "effect"
import { Assets } from "./Assets.ts"
import type { App } from "./HttpServer.ts"
import * as Pages from "./Pages.ts"
import * as Cart from "./pages/Cart.ts"
import * as Checkout from "./pages/Checkout.ts"
import * as DevFaults from "./pages/DevFaults.ts"
import * as DevJournal from "./pages/DevJournal.ts"
import * as DevMail from "./pages/DevMail.ts"
import * as DevTraces from "./pages/DevTraces.ts"
import * as Home from "./pages/Home.ts"
import * as Logout from "./pages/Logout.ts"
import * as Orders from "./pages/Orders.ts"
import * as Product from "./pages/Product.ts"
import * as Results from "./pages/Results.ts"
import * as Settings from "./pages/Settings.ts"
import * as Tracking from "./pages/Tracking.ts"
import { Proxies } from "./Proxies.ts"
import { limited, RateLimits } from "./RateLimits.ts"
import * as Refused from "./Refused.ts"
import * as Response from "./Response.ts"
import * as Router from "./Router.ts"
import { Site } from "./Site.ts"
import * as Sitemap from "./Sitemap.ts"

/** Every address of the website and what answers it. */
export const make = Effect.gen(function* () {
  const page = yield* Pages.make
  const assets = yield* Assets
  const home = yield* Home.make
  const product = yield* Product.make
  const results = yield* Results.make
  const cart = yield* Cart.make
  const checkout = yield* Checkout.make
  const orders = yield* Orders.make
  const tracking = yield* Tracking.make
  const settings = yield* Settings.make
  const logout = yield* Logout.make
  const devMail = yield* DevMail.make
  const devJournal = yield* DevJournal.make
  const devFaults = yield* DevFaults.make
  const devTraces = yield* DevTraces.make
  const rpc = yield* shopApi
  const { robots, sitemap } = yield* Sitemap.make

  const refuse = (refused: Refused.Refused) => page(() => Effect.fail(refused))
  const notFound = refuse(Refused.notFound())
  const asset: Router.Handler = (request, params) => {
    const found = assets.find(request)
    return found === undefined ? notFound(request, params) : Effect.succeed(found)
  }

  const limit = limited(yield* RateLimits)
  const { isSecure } = yield* Proxies
  const { production } = yield* Site
  const open = (routes: ReadonlyArray<Router.Route>) =>
    production ? routes.filter(({ path }) => !path.startsWith("/dev/")) : routes

  const app: App = Router.make(
    open([
      { path: "/", get: page(home.show) },
      { path: "/product/:id", get: page(product.show) },
      { path: "/search", get: page(limit("search", results.search)) },
      { path: "/category/:category", get: page(results.category) },
      { path: "/platform/:platform", get: page(results.platform) },
      { path: "/cart", get: page(cart.show), post: page(limit("cart", product.add)) },
      { path: "/cart/update", post: page(limit("cart", cart.update)) },
      { path: "/cart/empty", post: page(limit("cart", cart.empty)) },
      { path: "/cart/checkout", post: page(limit("checkout", checkout.place)) },
      { path: "/orders", get: page(orders.list) },
      { path: "/order/:id", get: page(orders.show) },
      { path: "/track/:id", get: page(tracking.show) },
      { path: "/setCurrency", post: page(settings.setCurrency) },
      { path: "/setTheme", post: page(settings.setTheme) },
      { path: "/logout", get: page(logout.ask), post: page(logout.leave) },
      { path: "/dev/mail", get: page(devMail.list) },
      { path: "/dev/mail/:id", get: page(devMail.show) },
      { path: "/dev/mail/:id/html", get: page(devMail.showHtml) },
      { path: "/dev/journal", get: page(devJournal.show) },
      { path: "/dev/journal/retry", post: page(devJournal.retry) },
      { path: "/dev/faults", get: page(devFaults.show), post: page(devFaults.add) },
      { path: "/dev/faults/reset", post: page(devFaults.reset) },
      { path: "/dev/traces", get: page(devTraces.list) },
      { path: "/dev/traces/:id", get: page(devTraces.show) },
      { path: "/dev/typed-errors", get: page(devTraces.typedErrors) },
      { path: "/rpc", post: rpc },
      { path: "/static/*", get: asset, unobserved: true },
      {
        path: "/favicon.ico",
        get: (request, params) => asset({ ...request, path: favicon }, params),
        unobserved: true
      },
      { path: "/robots.txt", get: robots, unobserved: true },
      { path: "/sitemap.xml", get: sitemap },
      { path: "/_healthz", get: () => Effect.succeed(healthy), unobserved: true }
    ]),
    refuse
  )
  const overTls: App = (request) => Effect.map(app(request), Response.overTls)
  const served: App = (request) => (isSecure(request) ? overTls : app)(request)
  return served
})

/**
 * The shop for programs, a quarter of the website's program: read and made for its first request, on the runtime of the
 * website, since what it keeps of that request, such as its deadline, every later one would have.
 */
const shopApi = Effect.gen(function* () {
  const runtime = yield* Effect.runtime<Effect.Effect.Context<(typeof import("./ShopApiHandler.ts"))["make"]>>()
  const read = () => import("./ShopApiHandler.ts").then(({ make }) => Runtime.runPromise(runtime, make))
  const made = yield* Effect.cached(Effect.uninterruptible(Effect.promise(read)))
  const answer: Router.Handler = (request, params) => Effect.flatMap(made, (answer) => answer(request, params))
  return answer
})

const healthy = Response.text(200, "ok\n")

/** For browsers that look nowhere else. */
const favicon = "/static/favicon.svg"
