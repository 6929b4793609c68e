import { Config, Context, Effect, Layer, Option } from "effect"
import { Proxies } from "./Proxies.ts"
import type { Request } from "./Request.ts"
import type { Chrome, Platform } from "./views/Models.ts"

/** What is the same on every page: where it was served, by which build, under which address. */
export class Site extends Context.Tag("@retro/frontend/Site")<
  Site,
  {
    /** Scheme and host of the public site: as configured, or else as the request has it; empty when neither says. */
    readonly originOf: (request: Request) => string
    readonly bannerColor: string | undefined
    /** Whether this is no developer's machine: then there is nothing under `/dev/`. */
    readonly production: boolean
    readonly footer: Pick<Chrome["footer"], "platform" | "where" | "version">
  }
>() {
  /**
   * `PUBLIC_URL`; `BANNER_COLOR`, a name or hexadecimal CSS colour; `ENV_PLATFORM`; `CLUSTER_NAME`, `ZONE` and
   * `POD_NAME`; `SHOP_VERSION`; `NODE_ENV`.
   */
  static readonly layerConfig = Layer.effect(
    Site,
    Effect.gen(function* () {
      const { isSecure } = yield* Proxies
      const origin = yield* optional(
        "PUBLIC_URL",
        /^https?:\/\/[\w.-]+(:\d{1,5})?$/,
        "an address like https://shop.example"
      )
      const bannerColor = yield* optional("BANNER_COLOR", /^([a-z]{3,30}|#([0-9a-f]{3}|[0-9a-f]{6}))$/i, "a CSS colour")
      const platform = yield* Config.option(Config.literal(...platforms)("ENV_PLATFORM"))
      const places = yield* Config.all(
        ["CLUSTER_NAME", "ZONE", "POD_NAME"].map((name) => optional(name, /^[\w./:-]{1,100}$/, "a name"))
      )
      const version = yield* Config.string("SHOP_VERSION").pipe(Config.withDefault("development"))
      const mode = yield* Config.string("NODE_ENV").pipe(Config.withDefault("development"))
      return {
        production: mode === "production",
        originOf: (request) => Option.getOrElse(origin, () => requested(request, isSecure(request))),
        bannerColor: Option.getOrUndefined(bannerColor),
        footer: {
          platform: Option.getOrUndefined(platform),
          where: places.flatMap(Option.toArray).join(" · ") || undefined,
          version
        }
      }
    })
  )
}

/** Pages are private to whoever asked, so a forged host misleads nobody else. */
const requested = ({ headers }: Request, isSecure: boolean): string => {
  const host = headers.host ?? ""
  const scheme = isSecure ? "https" : "http"
  return /^([\w.-]+|\[[0-9a-f:.]+\])(:\d{1,5})?$/i.test(host) ? `${scheme}://${host}` : ""
}

const platforms = ["local", "gcp", "aws", "azure", "onprem", "alibaba"] as const satisfies ReadonlyArray<Platform>

/** A text that may be missing or empty, but otherwise has this form. */
const optional = (name: string, form: RegExp, message: string) =>
  Config.option(Config.nonEmptyString(name)).pipe(
    Config.validate({ message, validation: Option.match({ onNone: () => true, onSome: (text) => form.test(text) }) })
  )
