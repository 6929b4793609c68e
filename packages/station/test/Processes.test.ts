import { describe, it } from "@effect/vitest"
import { assertEquals, assertTrue, deepStrictEqual } from "@effect/vitest/utils"
import { Effect } from "effect"
import * as Child from "../../process/test/Child.ts"
import * as RedisServer from "../../redis/test/RedisServer.ts"
import * as OrderForm from "../purchase/OrderForm.ts"
import * as Shopper from "../purchase/Shopper.ts"

const tiers = [
  "redis",
  "cartservice",
  "productcatalogservice",
  "currencyservice",
  "paymentservice",
  "shippingservice",
  "emailservice",
  "recommendationservice",
  "checkoutservice",
  "frontend"
]

/** Who has a part in a purchase. */
const buying = tiers.filter((name) => name !== "redis" && name !== "recommendationservice")

/** What a cart page says is in the cart, and what it costs. */
const contents = (cart: Shopper.Page) => ({
  status: cart.status,
  lines: [...new Set(cart.html.match(/\/product\/[A-Z0-9]+(?=")/g))].filter((path) =>
    wanted.some((id) => path.endsWith(id))
  ),
  total: Shopper.hidden(cart, "/cart/checkout")["shown_total"]
})

const wanted = ["OLJCESPC7Z", "9SIQT8TOJO"]

/** The cart as soon as the shop can show it whole again. */
const cartOf = (shopper: Shopper.Shopper) =>
  shopper
    .get("/cart")
    .pipe(
      Effect.delay("100 millis"),
      Effect.repeat({ until: (page) => page.status === 200 && Number(contents(page).total) > 0 }),
      Effect.timeout("20 seconds")
    )

/** The trace of the order as /dev/traces shows it, as soon as it holds a span of each of these. */
const purchaseOf = (shopper: Shopper.Shopper, services: ReadonlyArray<string>) =>
  shopper.get("/dev/traces?q=checkout").pipe(
    Effect.flatMap(({ html }) => shopper.get(/\/dev\/traces\/[\da-f]{32}/.exec(html)?.[0] ?? "/dev/traces/none")),
    Effect.delay("100 millis"),
    Effect.repeat({ until: ({ html }) => services.every((name) => html.includes(`>${name}<`)) }),
    Effect.timeout("20 seconds")
  )

describe.skipIf(!RedisServer.installed)("the shop as nine processes and Redis", { timeout: 180_000 }, () => {
  it.scopedLive(
    "D26: each tier is killed in turn under a shopper's hands: no lost cart line, no wrong total; /dev/traces shows the order",
    () =>
      Effect.gen(function* () {
        const runner = yield* Child.start({ RATES: "snapshot" }, "scripts/services.ts")
        const at = new Map<string, { readonly port: number; readonly pid: number }>()
        while (at.size < tiers.length) {
          const [name = "", port, pid] = (yield* runner.line(/^(\w+) is serving \(port (\d+), pid (\d+)/)).groups
          at.set(name, { port: Number(port), pid: Number(pid) })
        }
        yield* runner.line(/^The shop answers at/)

        const shopper = Shopper.make(at.get("frontend")?.port ?? 0)
        yield* shopper.get("/")
        yield* shopper.post("/setCurrency", { currency_code: "JPY", return_to: "/" })
        for (const id of wanted) yield* shopper.post("/cart", { product_id: id, quantity: "3" })
        const before = contents(yield* cartOf(shopper))
        assertEquals(before.lines.length, 2)
        assertTrue(BigInt(before.total ?? "") > 0n)

        for (const name of tiers) {
          process.kill(at.get(name)?.pid ?? 0, "SIGKILL")
          yield* runner.line(new RegExp(`^${name} is serving .* restarts 1\\)`))
          deepStrictEqual({ name, ...contents(yield* cartOf(shopper)) }, { name, ...before })
        }

        const form = OrderForm.of(yield* cartOf(shopper))
        const placed = yield* shopper.post("/cart/checkout", form)
        assertEquals(placed.status, 303)
        const page = yield* shopper.get(placed.location ?? "")
        const yen = new Intl.NumberFormat("en-US").format(BigInt(before.total ?? "") / 1_000_000_000n)
        assertTrue(page.text.includes(`¥${yen}`))

        const purchase = yield* purchaseOf(shopper, buying)
        for (const said of ["POST /cart/checkout", "CheckoutService/PlaceOrder", "Journal.step charge"])
          assertTrue(purchase.text.includes(said), said)
      })
  )
})
