import type { CallError } from "@retro/contract/Contract"
import * as Trouble from "@retro/contract/Trouble"
import * as Counter from "@retro/telemetry/Counter"
import { Cause, Clock, Context, Effect } from "effect"

/**
 * What becomes of a page without one of its panels: without a `critical` one there is no page, a `fallback` one is as it
 * was when it was last read, an `optional` one is left out. The page says so.
 */
export type Importance = "critical" | "fallback" | "optional"

interface Panel {
  readonly importance: Importance
  /** Who answers for it. */
  readonly from: "cart" | "catalogue" | "checkout" | "currency" | "recommendations" | "shipping"
  /** What it is to a shopper, in the middle of a sentence. */
  readonly words: string
}

/** Every panel there is. */
export const panels = {
  games: { importance: "fallback", from: "catalogue", words: "the list of games" },
  game: { importance: "fallback", from: "catalogue", words: "this game" },
  results: { importance: "fallback", from: "catalogue", words: "what was found" },
  prices: { importance: "fallback", from: "currency", words: "prices in your currency" },
  currencies: { importance: "fallback", from: "currency", words: "the choice of currencies" },
  "cart-size": { importance: "optional", from: "cart", words: "the number of games in your cart" },
  recommendations: { importance: "optional", from: "recommendations", words: "recommendations" },
  cart: { importance: "critical", from: "cart", words: "your cart" },
  "cart-games": { importance: "fallback", from: "catalogue", words: "the games in your cart" },
  "cart-prices": { importance: "optional", from: "currency", words: "prices in your currency" },
  shipping: { importance: "optional", from: "shipping", words: "the cost of shipping" },
  orders: { importance: "critical", from: "checkout", words: "your orders" },
  order: { importance: "critical", from: "checkout", words: "this order" },
  parcel: { importance: "critical", from: "shipping", words: "this parcel" }
} as const satisfies Readonly<Record<string, Panel>>

export type Name = keyof typeof panels

const around = ["currencies", "cart-size"] as const

/** Which panels each page is made of; those that fail to be read in a form's answer are those of the page that it shows. */
export const pages = {
  "/": ["games", "prices", ...around],
  "/product/:id": ["game", "prices", "recommendations", ...around],
  "/search": ["results", "games", "prices", ...around],
  "/category/:category": ["results", "games", "prices", ...around],
  "/platform/:platform": ["results", "games", "prices", ...around],
  "/cart": ["cart", "cart-games", "cart-prices", "shipping", "recommendations", "currencies"],
  "/orders": ["orders", ...around],
  "/order/:id": ["order", "prices", "recommendations", ...around],
  "/track/:id": ["parcel", ...around]
} as const satisfies Readonly<Record<string, ReadonlyArray<Name>>>

/** The panels of an importance. */
export type Of<I extends Importance> = {
  [N in Name]: (typeof panels)[N]["importance"] extends I ? N : never
}[Name]

/** What a page is without, and what of it is old: by how many milliseconds. */
export type Notes = ReadonlyMap<Name, "missing" | number>

/** The notes of the page that is being made; where none is, none are kept. */
export class Current extends Context.Reference<Current>()("@retro/frontend/Degradation", {
  defaultValue: (): Map<Name, "missing" | number> | undefined => undefined
}) {}

/** The notes of the page that is being made, which fill while it is read. */
export const notes: Effect.Effect<Notes> = Effect.map(Current, (notes) => notes ?? none)

/** The notes of a page that is made; counts what it is without: each panel once. */
export const counted: Effect.Effect<Notes> = Effect.map(notes, (notes) => {
  for (const [panel, state] of notes) if (state === "missing") partsMissing({ part: panel })()
  return notes
})

const none: Notes = new Map()

/** The page is without this. */
export const missing = (panel: Of<"fallback" | "optional">): Effect.Effect<void> => note(panel, "missing")

/** This is on the page as it was when it was read, in milliseconds of the Unix epoch. */
export const old = (panel: Of<"fallback">, readAt: number): Effect.Effect<void> =>
  Effect.flatMap(Clock.currentTimeMillis, (now) => note(panel, now - readAt))

const note = (panel: Name, state: "missing" | number) =>
  Effect.map(Current, (notes) => {
    notes?.set(panel, state)
  })

/** A reading that a page cannot be without. */
export const critical = <A, E, R>(_panel: Of<"critical">, read: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> => read

/** A reading that a page can be without: whatever goes wrong is logged and noted, and there is `instead`. */
export const optional =
  <const B>(panel: Of<"optional">, instead: B) =>
  <A, E, R>(read: Effect.Effect<A, E, R>): Effect.Effect<A | B, never, R> =>
    Effect.catchAllCause(read, (cause) =>
      Cause.isInterruptedOnly(cause)
        ? Effect.interrupt
        : Effect.logWarning(`a page is shown without ${panel}`, { reason: Trouble.describe(cause) }).pipe(
            Effect.zipRight(missing(panel)),
            Effect.as(instead)
          )
    )

/** A reading that failed without a verdict is made from what was read before, where that is enough. */
export const fallback =
  <B, E2, R2>(panel: Of<"fallback">, earlier: Effect.Effect<{ readonly value: B; readonly readAt: number }, E2, R2>) =>
  <A, E, R>(read: Effect.Effect<A, E | CallError, R>): Effect.Effect<A | B, E | CallError, R | R2> =>
    Effect.catchAll(read, (failure) =>
      isCallError(failure)
        ? Effect.matchEffect(earlier, {
            onFailure: () => Effect.fail(failure),
            onSuccess: ({ readAt, value }) => Effect.as(old(panel, readAt), value)
          })
        : Effect.fail(failure)
    )

const isCallError = (failure: unknown): boolean =>
  typeof failure === "object" &&
  failure !== null &&
  "_tag" in failure &&
  (failure._tag === "CallFailed" || failure._tag === "PeerRefused" || failure._tag === "BadRequest")

/** For programs: "recommendations, games;age=180", ages in seconds. */
export const header = (notes: Notes): string =>
  Array.from(notes, ([panel, state]) =>
    state === "missing" ? panel : `${panel};age=${Math.round(state / 1000)}`
  ).join(", ")

const partsMissing = Counter.make("shop.page.parts_missing", "Parts that pages were shown without.")
