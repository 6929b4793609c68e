import type { OrderStatus } from "@retro/contract/CheckoutService"
import type { Stage } from "@retro/contract/ShippingService"
import type { CurrencyCode } from "@retro/domain/Currency"
import type { TrackingId } from "@retro/domain/Ids"
import type { Money } from "@retro/domain/Money"
import type { Product } from "@retro/domain/Product"
import type { DateTime } from "effect"
import type { Notes } from "../Degradation.ts"

/** Which colours the shopper chose; `auto` is what the device prefers. */
export type Theme = "auto" | "light" | "dark"

/** Where the shop can run (`ENV_PLATFORM`). */
export type Platform = "local" | "gcp" | "aws" | "azure" | "onprem" | "alibaba"

/** What stands around every page. */
export interface Chrome {
  /** The address of a file under static/, by its path there: "style.css", "covers/OLJCESPC7Z.svg". */
  readonly asset: (name: string) => string
  /** Scheme and host of the public site, for canonical and social links: "https://shop.example". Empty when unknown. */
  readonly origin: string
  /** Path and query of this page: where the currency and theme forms lead back to. */
  readonly here: string
  readonly currency: {
    readonly selected: CurrencyCode
    readonly options: ReadonlyArray<{ readonly code: CurrencyCode; readonly label: string }>
  }
  readonly theme: Theme
  /** How many games are in the cart; `null` when nobody can say. */
  readonly cartSize: number | null
  /** What this page is without, and what of it is old; known once all of it was read. */
  readonly degraded: Notes
  /** What stands in the search box. */
  readonly searchText: string
  /** Shows the way to the dev mailbox and the demo data. */
  readonly development: boolean
  /** The pages for whoever develops here. */
  readonly devPages: ReadonlyArray<DevPage>
  readonly footer: {
    readonly platform?: Platform | undefined
    /** Cluster, zone, pod: what is known. */
    readonly where?: string | undefined
    readonly requestId: string
    /** The address of what the request did, where that can be looked at. */
    readonly trace?: string | undefined
    /** Eight characters. */
    readonly sessionHash: string
    readonly version: string
    /** The day of the exchange rates, "2025-11-21", and whether it is too long ago; undefined when nobody can say. */
    readonly rates?: { readonly date: string; readonly stale: boolean } | undefined
  }
  /** A CSS colour that marks a canary (`BANNER_COLOR`). */
  readonly bannerColor?: string | undefined
}

/** A page for whoever develops here. */
export interface DevPage {
  readonly label: string
  readonly href: string
}

/** A product and what one costs in the shopper's currency; `null` when the rates are out of reach. */
export interface PricedProduct {
  readonly product: Product
  readonly price: Money | null
}

/** A sentence above the page about what just happened. */
export interface Notice {
  readonly tone: "good" | "bad"
  readonly heading: string
  readonly text: string
  /** Where to read on. */
  readonly link?: { readonly href: string; readonly text: string }
}

export interface ProductModel extends PricedProduct {
  /** The day of the exchange rate, "2025-11-21"; undefined when the price needed none. */
  readonly rateDate?: string | undefined
  readonly recommendations: ReadonlyArray<PricedProduct> | "unavailable"
  /** Why the game was not put in the cart, beside the quantity. */
  readonly quantityError?: string | undefined
  /** The quantity as it was typed; 1 at first. */
  readonly quantity?: string | undefined
}

/** A line whose product left the catalogue has a `null` product and costs nothing. */
export interface CartLine {
  readonly productId: string
  readonly product: Product | null
  readonly quantity: number
  readonly price: Money | null
  readonly lineTotal: Money | null
}

/** What shipping costs, or why nobody can say: not there, or not now. */
export type Shipping =
  { readonly kind: "quoted"; readonly cost: Money } | { readonly kind: "not-served" } | { readonly kind: "unavailable" }

/** The fields of the checkout form, by the names they are sent under. */
export const checkoutFields = [
  "email",
  "name",
  "street_address",
  "zip_code",
  "city",
  "state",
  "country",
  "credit_card_number",
  "credit_card_expiration_month",
  "credit_card_expiration_year",
  "credit_card_cvv"
] as const
export type CheckoutField = (typeof checkoutFields)[number]

export interface CheckoutForm {
  /** As typed; a CVV is shown only when the demo filled it in. */
  readonly values: Partial<Readonly<Record<CheckoutField, string>>>
  /** A short sentence for each field that was refused. */
  readonly errors: Partial<Readonly<Record<CheckoutField, string>>>
  /** Countries to choose from, by the value that is sent; any may be typed when there are none. `/cart?country=` quotes for one. */
  readonly countries: ReadonlyArray<{ readonly code: string; readonly name: string }>
  /** The first of the expiry years to offer. */
  readonly thisYear: number
  /** `offered` shows the way to `/cart?demo=1`, where it is `filled`. */
  readonly demo: "none" | "offered" | "filled"
  readonly idempotencyKey: string
}

/** Sent beside the {@link CheckoutField}s; `shown_total` is `Money.toNanos` of the total in decimal digits. */
export const checkoutHidden = ["idempotency_key", "cart_version", "shown_total", "shown_currency"] as const

export interface CartModel {
  readonly lines: ReadonlyArray<CartLine>
  readonly version: number
  readonly shipping: Shipping
  /** Lines and shipping; `null` while one of them is unknown: then the form asks for it, with a shown total of zero. */
  readonly total: Money | null
  readonly form: CheckoutForm
  readonly notice?: Notice | undefined
  /** The line just taken out, to put back. */
  readonly removed?: { readonly product: Product; readonly quantity: number } | undefined
  readonly recommendations: ReadonlyArray<PricedProduct> | "unavailable"
}

export interface OrderModel {
  readonly status: OrderStatus
  /** The first look at it, straight after paying. */
  readonly justPlaced: boolean
  readonly recommendations: ReadonlyArray<PricedProduct> | "unavailable"
}

export interface OrdersModel {
  readonly orders: ReadonlyArray<OrderStatus>
  /** Older ones exist, and are not listed. */
  readonly hasEarlier: boolean
}

export interface TrackingModel {
  readonly trackingId: TrackingId
  /** Oldest first. */
  readonly events: ReadonlyArray<{ readonly stage: Stage; readonly at: DateTime.Utc }>
}

/** What a list of games was asked for. */
export type Listing =
  | { readonly kind: "search"; readonly query: string }
  | { readonly kind: "category"; readonly category: string }
  | { readonly kind: "platform"; readonly platform: string }

/** How a list can be narrowed and ordered: the fields of the form on `/search`, each as typed. */
export interface Filters {
  readonly platform: string
  readonly category: string
  /** In whole units of the shopper's currency. */
  readonly max_price: string
  readonly from_year: string
  readonly to_year: string
  readonly sort: "relevance" | "price" | "price-down" | "year" | "name"
  readonly platforms: ReadonlyArray<string>
  readonly categories: ReadonlyArray<string>
}

export interface ResultsModel {
  readonly listing: Listing
  readonly results: ReadonlyArray<PricedProduct>
  readonly total: number
  /** Which page of the list this is, from 1, and how many there are. */
  readonly page: number
  readonly pages: number
  /** Addresses of the neighbouring pages of the list. */
  readonly previous?: string | undefined
  readonly next?: string | undefined
  /** Games that nearly match, for when nothing does. */
  readonly near: ReadonlyArray<PricedProduct>
  readonly filters?: Filters | undefined
}

export interface ErrorModel {
  readonly status: number
  readonly heading: string
  readonly sentence: string
  /** Where to go from here; the games and the cart when it is empty. */
  readonly ways: ReadonlyArray<{ readonly href: string; readonly label: string }>
}

export interface MailSummary {
  readonly id: string
  readonly to: string
  readonly subject: string
  readonly at: DateTime.Utc
}

export interface MailboxModel {
  readonly messages: ReadonlyArray<MailSummary>
}

export interface MailModel extends MailSummary {
  /** The address of its HTML part as a page of its own, shown in a frame without rights. */
  readonly htmlHref: string
  readonly text: string
}
