import { Layer } from "effect"
import { Assets } from "./Assets.ts"
import { CatalogCache } from "./CatalogCache.ts"
import { CookieJar } from "./CookieJar.ts"
import * as HttpServer from "./HttpServer.ts"
import { PageChrome } from "./PageChrome.ts"
import { Proxies } from "./Proxies.ts"
import { RateLimits } from "./RateLimits.ts"
import * as Routes from "./Routes.ts"
import { Sessions } from "./Session.ts"
import { Site } from "./Site.ts"

const parts = Layer.mergeAll(PageChrome.layer, Sessions.layerConfig).pipe(
  Layer.provideMerge(
    Layer.mergeAll(Assets.layer, CatalogCache.layer, CookieJar.layer, RateLimits.layerConfig, Site.layerConfig)
  ),
  Layer.provideMerge(Proxies.layerConfig)
)

/** The website: what it needs is the tags of the services. A `DevMailbox`, where there is one, adds the dev mailbox to it. */
export const layer = HttpServer.layer(Routes.make).pipe(Layer.provide(parts))
