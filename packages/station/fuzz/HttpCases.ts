import { ShopApi } from "@retro/contract/ShopApi"
import { Arbitrary, FastCheck as fc, Schema } from "effect"
import { readFileSync } from "node:fs"
import * as Texts from "./Texts.ts"

/** One request, as bytes where it has a body. */
export interface HttpCase {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer | undefined
}

/** Every address of the website, as the table of routes has it: a new one is shot at without being named here. */
export const routes: ReadonlyArray<string> = Array.from(
  readFileSync(new URL("../../frontend/src/Routes.ts", import.meta.url), "utf8").matchAll(/\{ path: "([^"]+)"/g),
  ([, path = ""]) => path
)

/** What the forms of the website send: names of fields, each with a value that is right. */
export type Forms = Readonly<Record<string, Readonly<Record<string, string>>>>

/** Requests of every kind to every route. Forms are those that the pages were seen to have. */
export const arbitrary = (forms: Forms): fc.Arbitrary<HttpCase> =>
  fc.oneof(...routes.map((route) => requestTo(route, forms)))

const requestTo = (route: string, forms: Forms): fc.Arbitrary<HttpCase> =>
  fc
    .record({
      method: fc.oneof(
        { weight: 5, arbitrary: fc.constant("GET") },
        { weight: 6, arbitrary: fc.constant("POST") },
        { weight: 1, arbitrary: fc.constantFrom("HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "PROPFIND") }
      ),
      path: pathOf(route),
      query,
      headers,
      body: route === "/rpc" ? calls() : fc.oneof({ weight: 5, arbitrary: formOf(forms[route] ?? {}) }, rawBody)
    })
    .map(({ body, headers, method, path, query }) => {
      const withBody = method !== "GET" && method !== "HEAD" && body !== undefined
      return {
        method,
        path: path + query,
        headers: withBody ? { "content-type": body.type, ...headers } : headers,
        body: withBody ? body.bytes : undefined
      }
    })

const examples: Readonly<Record<string, string>> = {
  id: "OLJCESPC7Z",
  category: "puzzle",
  platform: "orbit-8",
  "*": "style.css"
}

const pathOf = (route: string): fc.Arbitrary<string> => {
  const segments = route
    .slice(1)
    .split("/")
    .map((segment): fc.Arbitrary<string> => {
      const [, name] = /^(?::(\w+)|\*)$/.exec(segment) ?? []
      if (segment !== "*" && name === undefined) return fc.constant(segment)
      return fc
        .tuple(Texts.around(examples[name ?? "*"] ?? "x"), fc.boolean())
        .map(([text, raw]) => (raw ? printable(text) : encoded(text)))
    })
  return fc
    .tuple(...segments)
    .map((parts) => `/${parts.join("/")}`)
    .chain((path) =>
      fc.oneof(
        { weight: 8, arbitrary: fc.constant(path) },
        { weight: 1, arbitrary: Texts.mutated(path).map((text) => `/${printable(text)}`) }
      )
    )
}

/** What may stand in a request line: node's own client refuses the rest. */
const printable = (text: string) => text.replace(/[^\x21-\x7e]/g, "").replace(/[#?]/g, "")

/** Half a surrogate pair cannot be encoded. */
const wellFormed = (text: string) => Buffer.from(text).toString()

const encoded = (text: string) => encodeURIComponent(wellFormed(text))

const pairs = (fields: fc.Arbitrary<ReadonlyArray<readonly [string, string]>>) =>
  fields.map((list) => list.map(([name, value]) => `${encoded(name)}=${encoded(value)}`).join("&"))

const names = [
  "q",
  "category",
  "platform",
  "sort",
  "page",
  "min",
  "max",
  "players",
  "year",
  "demo",
  "country",
  "return_to",
  "product_id",
  "quantity"
]

const query = fc.oneof(
  { weight: 3, arbitrary: fc.constant("") },
  {
    weight: 3,
    arbitrary: pairs(
      fc.array(fc.tuple(fc.oneof(fc.constantFrom(...names), Texts.text), Texts.text), { maxLength: 5 })
    ).map((text) => `?${text}`)
  },
  { weight: 1, arbitrary: Texts.text.map((text) => `?${printable(text)}`) }
)

const headerValue = Texts.text.map((text) => text.replace(/[^\t\x20-\x7e\x80-\xff]/g, "").slice(0, 8000))

const headers: fc.Arbitrary<Readonly<Record<string, string>>> = fc
  .array(
    fc.tuple(
      fc.constantFrom(
        "cookie",
        "traceparent",
        "tracestate",
        "baggage",
        "accept-encoding",
        "accept-language",
        "x-request-id",
        "x-forwarded-for",
        "x-forwarded-proto",
        "x-forwarded-host",
        "host",
        "origin",
        "referer",
        "sec-fetch-site",
        "content-type",
        "if-none-match",
        "range",
        "expect",
        "user-agent",
        "te",
        "authorization"
      ),
      fc.oneof(
        headerValue,
        fc.constantFrom(
          "shop_session-id=a.b.c",
          "shop_session-id=AAAAAAAAAAAAAAAAAAAAAAAA.zzzzzz.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
          "shop_currency=__proto__; shop_currency=USD",
          "a=".repeat(2000),
          ";".repeat(4000),
          "gzip;q=0, br;q=2, *;q=-1",
          "br",
          "00-" + "0".repeat(32) + "-" + "0".repeat(16) + "-01",
          "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
          'W/"x", *',
          "bytes=0-,-1",
          "none",
          "same-origin",
          "cross-site"
        )
      )
    ),
    { maxLength: 4 }
  )
  .map((list) => Object.fromEntries(list.filter(([name]) => name !== "expect")))

interface Body {
  readonly type: string
  readonly bytes: Buffer
}

const form = "application/x-www-form-urlencoded"
const asForm = (text: string): Body => ({ type: form, bytes: Buffer.from(text) })

const formOf = (right: Readonly<Record<string, string>>): fc.Arbitrary<Body> =>
  fc.oneof(
    {
      weight: 6,
      arbitrary: pairs(
        fc.tuple(
          ...Object.entries(right).map(([name, value]) => Texts.around(value).map((text) => [name, text] as const))
        )
      ).map(asForm)
    },
    { weight: 2, arbitrary: pairs(fc.array(fc.tuple(Texts.text, Texts.text), { maxLength: 8 })).map(asForm) },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom(
          many(100_000, "a=1"),
          many(20_000, "quantity=1"),
          many(3000, "a[b][c][d]=1"),
          `x=${"%41".repeat(20_000)}`,
          `a${"[b]".repeat(15_000)}=1`
        )
        .map(asForm)
    }
  )

const many = (count: number, pair: string) => Array.from({ length: count }, () => pair).join("&")

const rawBody: fc.Arbitrary<Body> = fc.record({
  type: fc.constantFrom(
    form,
    "application/json",
    "multipart/form-data; boundary=x",
    "text/plain",
    `${form}; charset=utf-16`,
    ""
  ),
  bytes: fc.uint8Array({ maxLength: 2000 }).map((bytes) => Buffer.from(bytes))
})

const callOf = (rpc: { readonly _tag: string; readonly payloadSchema: Schema.Schema.Any }): fc.Arbitrary<string> => {
  const schema = rpc.payloadSchema as Schema.Schema<unknown, unknown>
  const encode = Schema.encodeSync(schema)
  return Arbitrary.make(schema).chain((value) => {
    const right = JSON.stringify({ _tag: "Request", id: "1", tag: rpc._tag, payload: encode(value) ?? {}, headers: [] })
    return fc.oneof(
      { weight: 3, arbitrary: fc.constant(right) },
      { weight: 2, arbitrary: Texts.mutated(right) },
      {
        weight: 2,
        arbitrary: fc
          .json({ maxDepth: 5 })
          .map((payload) =>
            JSON.stringify({ _tag: "Request", id: "1", tag: rpc._tag, payload: JSON.parse(payload), headers: [] })
          )
      }
    )
  })
}

/** Calls of the shop for programs: each rpc of it, with payloads that fit and payloads that were changed. */
const calls = (): fc.Arbitrary<Body> =>
  fc
    .oneof(
      {
        weight: 6,
        arbitrary: fc
          .array(fc.oneof(...Array.from(ShopApi.requests.values(), callOf)), { minLength: 1, maxLength: 4 })
          .map((lines) => lines.join("\n"))
      },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          "[".repeat(30_000),
          `{"a":`.repeat(10_000),
          many(20_000, "{}").replaceAll("&", "\n"),
          "\n".repeat(60_000)
        )
      },
      { weight: 1, arbitrary: Texts.text }
    )
    .map((text) => ({ type: "application/ndjson", bytes: Buffer.from(text) }))
