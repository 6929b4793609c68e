import type { Product } from "@retro/domain/Product"
import { Effect } from "effect"
import { CatalogCache } from "./CatalogCache.ts"
import * as Revalidation from "./Revalidation.ts"
import * as Response from "./Response.ts"
import type { Handler } from "./Router.ts"
import { Site } from "./Site.ts"
import * as Paths from "./views/Paths.ts"

/** What search engines are told: `/robots.txt`, and `/sitemap.xml` (sitemaps.org, 0.9) with every page of the catalogue. */
export const make = Effect.gen(function* () {
  const { products } = yield* CatalogCache
  const { originOf } = yield* Site

  const robots: Handler = (request) => {
    const origin = originOf(request)
    const text = Response.text(200, origin === "" ? rules : `${rules}\nSitemap: ${origin}/sitemap.xml\n`)
    return Effect.succeed(Revalidation.forClient(request, text))
  }

  const sitemap: Handler = (request) =>
    Effect.match(products, {
      onFailure: () => Response.withHeaders(Response.text(503, "Try again in a moment.\n"), { "retry-after": "5" }),
      onSuccess: (games) =>
        Revalidation.forClient(
          request,
          Response.withHeaders(Response.text(200, xml(originOf(request), pathsOf(games))), {
            "content-type": "application/xml; charset=utf-8"
          })
        )
    })

  return { robots, sitemap }
})

/** The catalogue is for everybody; what belongs to one shopper is for nobody else. */
const rules = [
  "User-agent: *",
  ...["/cart/", "/order", "/track/", "/logout", "/dev/"].map((path) => `Disallow: ${path}`),
  ""
].join("\n")

const pathsOf = (games: ReadonlyArray<Product>): ReadonlySet<string> =>
  new Set([
    "/",
    ...games.map(({ platform }) => Paths.platform(platform)),
    ...games.flatMap(({ categories }) => categories.map(Paths.category)),
    ...games.map(({ id }) => Paths.product(id))
  ])

/** Paths are percent-encoded, so nothing in them needs escaping. */
const xml = (origin: string, paths: ReadonlySet<string>): string =>
  [
    `<?xml version="1.0" encoding="UTF-8"?>`,
    `<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">`,
    ...Array.from(paths, (path) => `<url><loc>${origin}${path}</loc></url>`),
    `</urlset>`,
    ""
  ].join("\n")
