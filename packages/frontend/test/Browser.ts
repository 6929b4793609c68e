import { ConfigProvider, Context, Effect, Layer, Logger } from "effect"
import * as Frontend from "../src/Frontend.ts"
import { HttpServer } from "../src/HttpServer.ts"
import * as Tiers from "./Tiers.ts"

/** What came back. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: string
}

/** A running website over tiers in memory. */
export interface Shop {
  readonly url: string
  readonly tiers: Tiers.Tiers
  /** Everything that was logged, as text. */
  readonly logs: Array<string>
}

export const open = (
  config: Readonly<Record<string, string>> = {},
  more: Layer.Layer<never> | Layer.Layer<any> = Layer.empty
) =>
  Effect.gen(function* () {
    const tiers = Tiers.make()
    const logs: Array<string> = []
    const layer = Frontend.layer.pipe(
      Layer.provide(Tiers.layer(tiers)),
      Layer.provide(more),
      Layer.provide(
        Layer.mergeAll(
          Layer.setConfigProvider(ConfigProvider.fromMap(new Map(Object.entries({ PORT: "0", ...config })))),
          Logger.replace(
            Logger.defaultLogger,
            Logger.make((entry) => {
              logs.push(Logger.logfmtLogger.log(entry))
            })
          )
        )
      )
    )
    const { port } = Context.get(yield* Layer.build(layer), HttpServer)
    return { url: `http://127.0.0.1:${port}`, tiers, logs } satisfies Shop
  })

/** Someone with a cookie jar, who follows no redirect unless told to. */
export interface Browser {
  readonly cookies: Map<string, string>
  readonly send: (path: string, init?: RequestInit) => Effect.Effect<Answer>
  readonly get: (path: string, headers?: Record<string, string>) => Effect.Effect<Answer>
  readonly post: (
    path: string,
    fields?: Record<string, string> | URLSearchParams | string,
    headers?: Record<string, string>
  ) => Effect.Effect<Answer>
}

export const browser = ({ url }: Shop): Browser => {
  const cookies = new Map<string, string>()
  const send = (path: string, init: RequestInit = {}) =>
    Effect.promise(async (signal): Promise<Answer> => {
      const headers = new Headers(init.headers)
      // A website that stops waits a moment for connections that are kept alive.
      headers.set("connection", "close")
      if (cookies.size > 0 && !headers.has("cookie")) {
        headers.set("cookie", [...cookies].map(([name, value]) => `${name}=${value}`).join("; "))
      }
      const response = await fetch(url + path, { redirect: "manual", ...init, headers, signal })
      for (const cookie of response.headers.getSetCookie()) {
        const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
        if (/Max-Age=0/.test(cookie)) cookies.delete(name)
        else cookies.set(name, value)
      }
      return { status: response.status, headers: response.headers, body: await response.text() }
    })
  return {
    cookies,
    send,
    get: (path, headers = {}) => send(path, { headers }),
    post: (path, fields = {}, headers = {}) =>
      send(path, {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
        body: typeof fields === "string" ? fields : new URLSearchParams(fields).toString()
      })
  }
}

/** The value that a page's form hides under this name. */
export const hidden = ({ body }: Answer, name: string): string | undefined => {
  const input = body.match(new RegExp(`<input[^>]*name="${name}"[^>]*>`))?.[0]
  return input?.match(/value="([^"]*)"/)?.[1]
}
