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
