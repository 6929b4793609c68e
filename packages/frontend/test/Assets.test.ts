import { brotliDecompressSync, gunzipSync } from "node:zlib"
import { get as httpGet } from "node:http"
import { describe, it } from "@effect/vitest"
import { assertTrue, deepStrictEqual, strictEqual } from "@effect/vitest/utils"
import { Effect } from "effect"
import { Assets } from "../src/Assets.ts"
import type { Request } from "../src/Request.ts"
import { open } from "./Browser.ts"

const request = (path: string, headers: Request["headers"] = {}): Request => ({
  method: "GET",
  path,
  query: "",
  headers,
  peer: "127.0.0.1",
  body: Effect.never
})

describe("the files of the site", () => {
  it.effect("are compressed as the browser can read them, and are the same file then", () =>
    Effect.gen(function* () {
      const { address, find } = yield* Assets
      const path = address("style.css")
      const bytes = (encoding: string) => Buffer.from(find(request(path, { "accept-encoding": encoding }))?.body ?? "")
      const plain = bytes("")
      deepStrictEqual(brotliDecompressSync(bytes("gzip, deflate, br")), plain)
      deepStrictEqual(gunzipSync(bytes("gzip, br;q=0")), plain)
      deepStrictEqual(bytes("identity"), plain)
      assertTrue(bytes("br").length < plain.length / 2)
    }).pipe(Effect.provide(Assets.layer))
  )

  it.effect("may be kept for ever under the name with a hash, and are not sent again to whoever has them", () =>
    Effect.gen(function* () {
      const { address, find } = yield* Assets
      const path = address("covers/OLJCESPC7Z.svg")
      assertTrue(/^\/static\/covers\/OLJCESPC7Z\.[0-9a-f]{10}\.svg$/.test(path))
      const first = find(request(path))
      deepStrictEqual(
        [first?.headers["cache-control"], first?.headers["content-type"]],
        ["public, max-age=31536000, immutable", "image/svg+xml"]
      )
      strictEqual(find(request("/static/covers/OLJCESPC7Z.svg"))?.headers["cache-control"], "public, no-cache")
      const etag = String(first?.headers.etag)
      const again = find(request(path, { "if-none-match": `"other", W/${etag}` }))
      deepStrictEqual([again?.status, again?.body], [304, ""])
      strictEqual(find(request(path, { "if-none-match": etag, "accept-encoding": "br" }))?.status, 200)
    }).pipe(Effect.provide(Assets.layer))
  )

  it.scopedLive("are only those, whatever the path", () =>
    Effect.gen(function* () {
      const { url } = yield* open()
      const statusOf = (path: string) =>
        Effect.async<number | undefined>((resume) => {
          httpGet(url, { path, agent: false }, (answer) => {
            answer.resume()
            resume(Effect.succeed(answer.statusCode))
          })
        })
      for (const path of [
        "/static/../package.json",
        "/static/%2e%2e/package.json",
        "/static/..%2f..%2fpackage.json",
        "/static/..\\package.json",
        "/static//etc/passwd",
        "/static/%00",
        "/static/covers",
        "/static/toString",
        "/static/__proto__"
      ])
        strictEqual(yield* statusOf(path), 404)
      strictEqual(yield* statusOf("/static/%ff"), 400)
    })
  )
})
