import * as Counter from "@retro/telemetry/Counter"
import { Effect } from "effect"

/** What pages can do without. */
type Part = "cart" | "currencies" | "recommendations" | "shipping"

const counter = Counter.make("shop.page.parts_missing", "Parts that pages were shown without.")

const series = {
  cart: counter({ part: "cart" }),
  currencies: counter({ part: "currencies" }),
  recommendations: counter({ part: "recommendations" }),
  shipping: counter({ part: "shipping" })
} as const satisfies Record<Part, () => void>

/** Counts that a page is shown without a part of it, because a service did not say. */
export const count = (part: Part): Effect.Effect<void> => Effect.sync(() => series[part]())

/** The part that a panel of a page is, where it is one of these. */
export const partOf = (panel: string): Part | undefined => parts[panel]

const parts: Readonly<Record<string, Part | undefined>> = {
  "cart-size": "cart",
  currencies: "currencies",
  recommendations: "recommendations",
  shipping: "shipping"
}
