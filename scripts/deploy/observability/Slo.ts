import { bucket, count, metrics } from "./Metrics.ts"

/** A promise to shoppers, as the part of some events that may be bad. */
export interface Slo {
  readonly name: string
  /** What is promised, for whoever is woken by it. */
  readonly promise: string
  /** The part of events that must be good, below 1. */
  readonly objective: number
  /** PromQL: bad events a second, over a window such as "5m". No series where none was ever bad. */
  readonly bad: (window: string) => string
  /** PromQL: all events a second. */
  readonly all: (window: string) => string
}

const checkouts = `http_request_method="POST", http_route="/cart/checkout"`
const homes = `http_request_method="GET", http_route="/"`
const pages = `http_request_method="GET", http_response_status_code="200"`

/** Seconds in which a home page is to be there: a bound of the histogram's buckets. */
export const homeWithin = 0.25

/**
 * What the shop promises. A declined card is an answer and no failure; a 5xx is one. Measured at the website: what
 * happens between it and the shopper is not seen.
 */
export const slos: ReadonlyArray<Slo> = [
  {
    name: "checkout",
    promise: "99.9 % of placed orders get an answer: an order, or why there is none",
    objective: 0.999,
    bad: (window) => rate(count(metrics.pages), `${checkouts}, http_response_status_code=~"5.."`, window),
    all: (window) => rate(count(metrics.pages), checkouts, window)
  },
  {
    name: "home-latency",
    promise: `95 % of home pages are made within ${homeWithin * 1000} ms`,
    objective: 0.95,
    bad: (window) =>
      `(${rate(count(metrics.pages), homes, window)} - ${rate(bucket(metrics.pages), `${homes}, le="${homeWithin}"`, window)})`,
    all: (window) => rate(count(metrics.pages), homes, window)
  },
  {
    name: "whole-pages",
    promise: "99.5 % of pages lack nothing: no recommendations, prices or cart left out because a service was silent",
    objective: 0.995,
    bad: (window) => rate(metrics.partsMissing, "", window),
    all: (window) => rate(count(metrics.pages), pages, window)
  }
]

const rate = (series: string, labels: string, window: string): string =>
  `sum(rate(${series}${labels === "" ? "" : `{${labels}}`}[${window}]))`
