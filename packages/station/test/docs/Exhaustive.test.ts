// The compiler's own errors are the test; the Effect diagnostics say the same beside them and cannot be expected.
// @effect-diagnostics missingEffectError:off
import { describe, it } from "@effect/vitest"
import { assertEquals } from "@effect/vitest/utils"
import type * as PlaceOrder from "@retro/checkoutservice/PlaceOrder"
import type * as Step from "@retro/checkoutservice/Step"
import { type CheckoutFacts, checkoutFacts } from "@retro/contract/CheckoutFacts"
import type { CheckoutError, CheckoutService } from "@retro/contract/CheckoutService"
import type { CallError } from "@retro/contract/Contract"
import type { CardDeclined, PaymentService } from "@retro/contract/PaymentService"
import { type CheckoutFailure, explain, type Explanation } from "@retro/frontend/CheckoutFailure"
import type { Effect } from "effect"

/** An error that a service raises from tomorrow on. */
interface GiftCardEmpty {
  readonly _tag: "GiftCardEmpty"
}

/** Whatever is asked, it fails with this. */
type Failing<E> = () => Effect.Effect<never, E>

/** Compiles where the second type fits the first. */
const fits =
  <Wanted>() =>
  <_Given extends Wanted>() => {}

type Charge = (typeof PaymentService.Service)["charge"]
type PlaceOrderRpc = (typeof CheckoutService.Service)["placeOrder"]
type ChargeStep = typeof PlaceOrder.charge extends Step.Definition<infer A, infer E> ? Step.Action<A, E>["run"] : never

/** What the type checker reads here is the test: a line that it expects an error in and that has none is an error. */
describe("an error cannot get lost between paymentservice and the page: it does not compile", () => {
  it("where a program fails with what its contract does not list", () => {
    fits<Charge>()<Failing<CardDeclined>>()
    // @ts-expect-error: charge does not list it
    fits<Charge>()<Failing<GiftCardEmpty>>()
  })

  it("where a step of an order meets what it does not list", () => {
    fits<ChargeStep>()<Failing<CardDeclined>>()
    // @ts-expect-error: the step does not list it
    fits<ChargeStep>()<Failing<GiftCardEmpty>>()
    // @ts-expect-error: a token that expired is no answer of the step, so somebody must say what it becomes
    fits<ChargeStep>()<() => ReturnType<Charge>>()
  })

  it("where checkout hands on what its union lacks", () => {
    fits<PlaceOrderRpc>()<Failing<CardDeclined>>()
    // @ts-expect-error: CheckoutError has no such variant
    fits<PlaceOrderRpc>()<Failing<GiftCardEmpty>>()
  })

  it("where the page has no sentence for it", () => {
    // @ts-expect-error: the table of the page has no such row
    const page: (failure: CheckoutFailure | GiftCardEmpty) => Explanation = explain
    assertEquals(page, explain)
  })

  it("where nobody knows whether the card was charged", () => {
    const { CardDeclined, ...rest } = checkoutFacts
    // @ts-expect-error: the facts of a declined card are missing
    const facts: { readonly [Tag in (CheckoutError | CallError)["_tag"]]: CheckoutFacts } = rest
    assertEquals(facts.EmptyCart.charged, CardDeclined.charged)
  })
})
