import { describe, it } from "@effect/vitest"
import { assertEquals, deepStrictEqual } from "@effect/vitest/utils"
import { HttpServer } from "@retro/frontend/HttpServer"
import { ConfigProvider, Context, Effect, Layer } from "effect"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import * as Certificates from "../../grpc/test/Certificates.ts"
import * as Laws from "../purchase/Laws.ts"
import * as Purchase from "../purchase/Purchase.ts"
import * as Station from "../src/Station.ts"
import * as Shop from "./Shop.ts"

const lawful = Object.keys(Laws.all)

const buy = Effect.fnUntraced(function* (port: number) {
  const said: Array<string> = []
  const say = (text: string) => void said.push(text)
  const broken = yield* Purchase.run({ origin: `http://127.0.0.1:${port}`, patience: "1 second", say })
  return { broken, marks: said.flatMap((text) => /^[✓✗](?= )/.exec(text) ?? []) }
})

/** A website whose pages are all alike: they say that all is well, and sell nothing. */
const facade = Effect.acquireRelease(
  Effect.async<ReturnType<typeof createServer>>((resume) => {
    const server = createServer((_request, answer) => answer.end("<h1>Skarn Light</h1>"))
    server.listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
  }),
  (server) => Effect.sync(() => server.closeAllConnections()).pipe(Effect.tap(() => server.close()))
).pipe(Effect.map((server) => (server.address() as AddressInfo).port))

/** Services on sockets that show each other a certificate, and believe only what this authority has signed. */
const secured =
  ({ certificate, key }: Certificates.Pair, authority: string): Station.Wiring =>
  (contract, program) =>
    Layer.provide(
      Station.split(contract, program),
      Layer.setConfigProvider(
        ConfigProvider.fromMap(
          new Map([
            ["GRPC_TLS_CERT", certificate],
            ["GRPC_TLS_KEY", key],
            ["GRPC_TLS_CA", authority]
          ])
        )
      )
    )

describe("npm run purchase", () => {
  it.scopedLive("finds every law kept in a shop that sells", () =>
    Effect.gen(function* () {
      const { port } = Context.get(yield* Layer.build(Shop.layer(Station.fused)), HttpServer)
      deepStrictEqual(yield* buy(port), { broken: 0, marks: lawful.map(() => "✓") })
    })
  )

  it.scopedLive("finds every law broken where nothing is sold, and where nobody answers", () =>
    Effect.gen(function* () {
      assertEquals((yield* buy(yield* facade)).broken, lawful.length)
      assertEquals((yield* buy(1)).broken, lawful.length)
    })
  )

  it.scopedLive.skipIf(!Certificates.installed)(
    "finds every law kept where services show each other certificates, and broken where those are a stranger's",
    () =>
      Effect.gen(function* () {
        const { authority, server, stranger } = yield* Certificates.make
        const shopWith = (own: Certificates.Pair) =>
          Effect.map(Layer.build(Shop.layer(secured(own, authority))), Context.get(HttpServer))
        deepStrictEqual(yield* buy((yield* shopWith(server)).port), { broken: 0, marks: lawful.map(() => "✓") })
        assertEquals((yield* buy((yield* shopWith(stranger)).port)).broken, lawful.length)
      })
  )
})
