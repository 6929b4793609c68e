import { describe, it } from "@effect/vitest"
import { assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { CartService } from "@retro/contract/CartService"
import { CheckoutService } from "@retro/contract/CheckoutService"
import type { Contract } from "@retro/contract/Contract"
import { CurrencyService } from "@retro/contract/CurrencyService"
import { EmailService } from "@retro/contract/EmailService"
import { PaymentService } from "@retro/contract/PaymentService"
import { ProductCatalogService } from "@retro/contract/ProductCatalogService"
import { RecommendationService } from "@retro/contract/RecommendationService"
import { ShippingService } from "@retro/contract/ShippingService"
import { pages, panels } from "@retro/frontend/Degradation"
import { HttpServer } from "@retro/frontend/HttpServer"
import * as GrpcClient from "@retro/grpc/GrpcClient"
import { Context, Duration, Effect, Layer, Schedule } from "effect"
import { createServer, type Socket } from "node:net"
import { isDeepStrictEqual } from "node:util"
import type { Wiring } from "../src/Station.ts"
import * as ClockAhead from "../../frontend/test/ClockAhead.ts"
import * as Shop from "./Shop.ts"
import * as Shopper from "../purchase/Shopper.ts"

const dependencies = {
  recommendation: RecommendationService,
  currency: CurrencyService,
  shipping: ShippingService,
  catalogue: ProductCatalogService,
  cart: CartService,
  checkout: CheckoutService,
  payment: PaymentService,
  email: EmailService
} as const
type Dependency = keyof typeof dependencies

/** `down` refuses connections, `slow` takes them and says nothing, `garbage` answers with bytes that are no HTTP/2. */
const faults = ["down", "slow", "garbage"] as const
type Fault = (typeof faults)[number]

/** What a page is when a dependency is in trouble: 503, or 200 and these panels missing or old. */
type Expected = 503 | ReadonlyArray<string>

const whole = { home: [], product: [], search: [], genre: [], cart: [], orders: [], order: [], parcel: [], add: [] }

/** What becomes of an order, and which calls of the shop for programs fail while the others of the same moment are answered. */
interface Deeds {
  /** 303 leads to the order, which is or will be; with 503 nothing is charged, or nobody knows yet, and the page says which. */
  readonly buy: 303 | 503
  readonly rpc: ReadonlyArray<keyof typeof calls>
}

/** What an order or a page says, by the dependency that is in trouble, however it is. */
const table: { readonly [D in Dependency]: { readonly [P in keyof typeof whole]: Expected } & Deeds } = {
  recommendation: {
    ...whole,
    product: ["recommendations"],
    cart: ["recommendations"],
    order: ["recommendations"],
    buy: 303,
    rpc: []
  },
  currency: {
    home: ["currencies", "prices"],
    product: ["currencies", "prices"],
    search: ["currencies", "prices"],
    genre: ["currencies", "prices"],
    cart: ["cart-prices", "currencies"],
    orders: ["currencies"],
    order: ["currencies", "prices"],
    parcel: ["currencies"],
    add: [],
    buy: 503,
    rpc: ["getSupportedCurrencies"]
  },
  shipping: { ...whole, cart: ["shipping"], parcel: 503, buy: 503, rpc: ["getTracking"] },
  catalogue: {
    home: ["games"],
    product: ["game", "recommendations"],
    search: ["games", "results"],
    genre: ["games", "results"],
    cart: ["cart-games", "recommendations"],
    orders: [],
    order: ["recommendations"],
    parcel: [],
    add: ["game"],
    buy: 503,
    rpc: ["getProduct"]
  },
  cart: {
    home: ["cart-size"],
    product: ["cart-size"],
    search: ["cart-size"],
    genre: ["cart-size"],
    cart: 503,
    orders: ["cart-size"],
    order: ["cart-size"],
    parcel: ["cart-size"],
    add: 503,
    buy: 503,
    rpc: ["getCart"]
  },
  checkout: { ...whole, orders: 503, order: 503, buy: 503, rpc: ["listOrders"] },
  payment: { ...whole, buy: 503, rpc: [] },
  email: { ...whole, buy: 303, rpc: [] }
}

/** What is on a page that is there, whatever is missing. */
const content: Partial<Record<keyof typeof whole, RegExp>> = {
  home: /Skarn Light/,
  product: /Skarn Light/,
  search: /Skarn Light/,
  genre: /Skarn Light/,
  cart: /Skarn Light/,
  order: /Skarn Light/
}

/** What the page says to the shopper where anything is amiss. */
const said = /We cannot show .* right now|You see .* as of 10 minutes ago/

/** An address where somebody behaves like this. */
const trouble = (fault: Fault) =>
  Effect.map(
    Effect.acquireRelease(
      Effect.async<{ readonly port: number; readonly close: () => void }>((resume) => {
        const sockets = new Set<Socket>()
        const server = createServer((socket) => {
          sockets.add(socket)
          socket.on("error", () => {})
          socket.on("close", () => sockets.delete(socket))
          if (fault === "garbage") socket.end(Buffer.alloc(2000, "no HTTP/2 "))
        })
        const close = () => {
          server.close()
          sockets.forEach((socket) => socket.destroy())
        }
        server.listen(0, "127.0.0.1", () => {
          const address = server.address()
          const port = typeof address === "object" && address !== null ? address.port : 0
          if (fault === "down") server.close()
          resume(Effect.succeed({ port, close }))
        })
      }),
      ({ close }) => Effect.sync(close)
    ),
    ({ port }) => `127.0.0.1:${port}`
  )

/** The shop in one process, where one service is reached at the address of trouble while there is any. */
const shopWith = (target: Contract<any, any>, addresses: ReadonlyMap<Fault, string>, now: { fault?: Fault }) => {
  const wiring: Wiring = (contract, program) =>
    (contract as unknown) === target
      ? Layer.scoped(
          contract,
          Effect.gen(function* () {
            const healthy: Record<string, any> = Context.get(yield* Layer.build(program), contract)
            const broken = new Map<Fault, Record<string, any>>()
            for (const [fault, address] of addresses) {
              broken.set(
                fault,
                Context.get(yield* Layer.build(Layer.orDie(GrpcClient.layer(contract, address))), contract)
              )
            }
            const reached = () => (now.fault === undefined ? healthy : (broken.get(now.fault) ?? healthy))
            const rpcs = Object.keys(healthy).map((rpc) => [rpc, (payload: unknown) => reached()[rpc](payload)])
            return Object.fromEntries(rpcs)
          })
        )
      : program
  return Shop.layer(wiring)
}

const form = {
  email: "someone@example.com",
  name: "Someone",
  street_address: "1 Main St",
  zip_code: "01234",
  city: "Springfield",
  state: "",
  country: "US",
  credit_card_number: "4432801561520454",
  credit_card_expiration_month: "1",
  credit_card_expiration_year: "2039",
  credit_card_cvv: "672"
}

/** Calls of the shop for programs, one for each service that it opens, and what of theirs says which parcel. */
const calls = {
  getProduct: { id: "OLJCESPC7Z" },
  getSupportedCurrencies: {},
  getCart: {},
  getTracking: { trackingId: "" },
  listOrders: {}
}

/** What the page says about an order that was not placed. */
const notPlaced = /Nothing was charged|nothing stays charged|no answer about your order/

/** How long whoever orders waits to be told, with three seconds for a machine that has other things to do. */
const toldWithin = Duration.seconds(15)

/** A shopper who pays in euros, has an order and a game in the cart, and has seen all pages. */
const customer = Effect.fnUntraced(function* (port: number) {
  const shopper = Shopper.make(port)
  yield* shopper.get("/")
  yield* shopper.post("/setCurrency", { currency_code: "EUR", return_to: "/" })
  yield* shopper.post("/cart", { product_id: "OLJCESPC7Z", quantity: "1" })
  const hidden = Shopper.hidden(yield* shopper.get("/cart"), "/cart/checkout")
  const order = (yield* shopper.post("/cart/checkout", { ...hidden, ...form })).location ?? ""
  const parcel = /\/track\/\w+/.exec((yield* shopper.get(order)).html)?.[0] ?? ""
  yield* shopper.post("/cart", { product_id: "OLJCESPC7Z", quantity: "1" })
  const visits = {
    home: shopper.get("/"),
    product: shopper.get("/product/OLJCESPC7Z"),
    search: shopper.get("/search?q=skarn"),
    genre: shopper.get("/platform/Brightwell%20Scholar"),
    cart: shopper.get("/cart"),
    orders: shopper.get("/orders"),
    order: shopper.get(order),
    parcel: shopper.get(parcel),
    add: shopper.post("/cart", { product_id: "OLJCESPC7Z", quantity: "1" })
  } satisfies { readonly [P in keyof typeof whole]: Effect.Effect<Shopper.Page> }
  const failing = Effect.filter(
    Object.keys(calls) as Array<keyof typeof calls>,
    (tag) => {
      const payload = tag === "getTracking" ? { trackingId: parcel.split("/").at(-1) } : calls[tag]
      return Effect.map(shopper.call(tag, payload), (answer) => answer === undefined)
    },
    { concurrency: "unbounded" }
  )
  return { pages: Effect.all(visits, { concurrency: "unbounded" }), failing }
})

/** A new shopper who pays in euros, with a filled form before them, which they may send. */
const buyer = Effect.fnUntraced(function* (port: number) {
  const shopper = Shopper.make(port)
  yield* shopper.post("/setCurrency", { currency_code: "EUR", return_to: "/" })
  yield* shopper.post("/cart", { product_id: "OLJCESPC7Z", quantity: "1" })
  const hidden = Shopper.hidden(yield* shopper.get("/cart"), "/cart/checkout")
  return shopper.post("/cart/checkout", { ...hidden, ...form })
})

const panelsIn = ({ degraded }: Shopper.Page): ReadonlyArray<string> =>
  (degraded ?? "")
    .split(", ")
    .flatMap((panel) => panel.split(";")[0] || [])
    .toSorted()

const shownAs = (page: Shopper.Page): number | ReadonlyArray<string> =>
  page.status === 200 || page.status === 303 ? panelsIn(page) : page.status

const isWhole = (pages: Readonly<Record<string, Shopper.Page>>): boolean =>
  Object.values(pages).every((page) => isDeepStrictEqual(shownAs(page), []))

const again = Schedule.spaced("200 millis")

/** The declared page that each of ours is. */
const declared = {
  home: "/",
  product: "/product/:id",
  search: "/search",
  genre: "/platform/:platform",
  cart: "/cart",
  orders: "/orders",
  order: "/order/:id",
  parcel: "/track/:id",
  add: "/product/:id"
} as const satisfies { readonly [P in keyof typeof whole]: keyof typeof pages }

/** What the declaration says of a panel: an optional one is missing, a fallback one is old once it was seen. */
const isDeclared = (page: keyof typeof whole, note: string): boolean => {
  const [name, age] = note.split(";")
  const panel = pages[declared[page]].find((each) => each === name)
  return panel !== undefined && panels[panel].importance === (age === undefined ? "optional" : "fallback")
}

describe("the shop while a dependency is in trouble", { concurrent: true }, () => {
  it.scopedLive.each(Object.keys(dependencies) as ReadonlyArray<Dependency>)(
    "%s: down, slow or talking garbage, each page is as the table says",
    (dependency) =>
      Effect.gen(function* () {
        const addresses = new Map<Fault, string>()
        for (const fault of faults) addresses.set(fault, yield* trouble(fault))
        const now: { fault?: Fault } = {}
        const ahead = { millis: 0 }
        const shop = shopWith(dependencies[dependency], addresses, now).pipe(
          Layer.provide(Layer.setClock(ClockAhead.make(ahead)))
        )
        const { port } = Context.get(yield* Layer.build(shop), HttpServer)
        const { failing, pages: browse } = yield* customer(port)
        for (const fault of faults) {
          delete now.fault
          ahead.millis += 600_000
          // What hangs still from the last trouble hangs for two seconds more.
          yield* Effect.repeat(browse, { until: isWhole, schedule: again })
          const order = yield* buyer(port)
          ahead.millis += 600_000
          now.fault = fault
          const [visited, rpc, [took, bought]] = yield* Effect.all([browse, failing, Effect.timed(order)], {
            concurrency: "unbounded"
          })
          const seen = Object.fromEntries(Object.entries(visited).map(([name, page]) => [name, shownAs(page)]))
          deepStrictEqual({ fault, ...seen, buy: bought.status, rpc }, { fault, ...table[dependency] })
          assertTrue(bought.status === 303 || notPlaced.test(bought.text))
          assertTrue(Duration.lessThan(took, toldWithin), `${fault}: told after ${Duration.format(took)}`)
          for (const [name, page] of Object.entries(visited) as Array<[keyof typeof whole, Shopper.Page]>) {
            if (page.status !== 200) continue
            assertTrue(page.degraded === null || page.degraded.split(", ").every((note) => isDeclared(name, note)))
            assertTrue(content[name]?.test(page.text) ?? true)
            assertTrue(said.test(page.text) === panelsIn(page).length > 0)
          }
        }
      }),
    60_000
  )
})
