import { checkoutFacts, type CheckoutFacts } from "@retro/contract/CheckoutFacts"
import { BadRequest, CallFailed, PeerRefused } from "@retro/contract/Contract"
import type { FailureClass } from "@retro/contract/Status"
import { type CheckoutFailure, explain } from "@retro/frontend/CheckoutFailure"
import { explain as explainPage, type PageFailure } from "@retro/frontend/PageFailure"
import { Record, Struct } from "effect"
import * as Docstrings from "./Docstrings.ts"
import { type AnyFailure, examples } from "./Examples.ts"
import * as Rpcs from "./Rpcs.ts"
import { table } from "./Table.ts"

type Tag = AnyFailure["_tag"]
type OfCheckout = CheckoutFailure["_tag"]
type OfPages = Exclude<PageFailure["_tag"], "Refused">

/** What a page that sells nothing can meet. One that is missing does not compile. */
const onPages: { readonly [T in OfPages]: Extract<PageFailure, { readonly _tag: T }> } = Struct.pick(
  examples,
  "ProductNotFound",
  "CartFull",
  "QuantityTooLarge",
  "CartUnavailable",
  "UnsupportedCurrency",
  "AmountTooLarge",
  "OrderNotFound",
  "TrackingNotFound",
  "BadRequest",
  "PeerRefused",
  "CallFailed"
)

/** What becomes of the errors that no page can meet. One that is missing does not compile. */
const within: { readonly [T in Exclude<Tag, OfCheckout | OfPages | "OrderInProgress">]: string } = {
  TooManyProducts: "The website never asks for more than one answer holds: a defect.",
  InvalidPageToken: "The website asks for first pages, which need no token: a defect.",
  CardTokenExpired: "Checkout answers `PaymentUnavailable`.",
  ChargeVoided: "Checkout answers `PaymentUnavailable`.",
  ChargeNotFound: "Checkout refunds only what it has charged: a defect.",
  AmountNotPayable: "A price is payable: a defect.",
  ShipmentCancelled: "Checkout answers `ShippingUnavailable`.",
  MailUnavailable:
    "The order is placed; checkout asks again under the same key, and the order page says that the e-mail waits."
}

const docstrings = Docstrings.read()
const classes = new Map<string, FailureClass>(
  [...Rpcs.all.flatMap(({ failures }) => failures), BadRequest, PeerRefused, CallFailed].map((each) => [
    each._tag,
    each
  ])
)

/** The tables of docs/typed-errors.md: every error of every contract, from the wire to the page. */
export const make = (): string =>
  [
    "### On the wire",
    table(
      ["error", "means", "raised by", "gRPC", "`ErrorInfo` metadata", "HTTP"],
      [...classes.values()].map((failure) => [
        link(failure),
        docstrings.get(failure._tag)?.text ?? "",
        raisedBy(failure),
        `\`${failure.status.grpc}\``,
        Object.keys(failure.fields)
          .filter((name) => name !== "_tag")
          .map((name) => `\`${name}\``)
          .join(" "),
        String(failure.status.http)
      ])
    ),
    "### At the till",
    "What the shopper sees when an order is not placed, and what is true of the money.",
    table(
      ["error", "HTTP", "the page says", "charged", "taken back by", "ask again"],
      Record.toEntries(checkoutFacts).map(([tag, facts]) => [
        `\`${tag}\``,
        ...(tag === "OrderInProgress"
          ? ["303", "The order's own page, which says how far it is."]
          : shownAtTheTill(examples[tag])),
        charged[facts.charged],
        facts.undone.map((rpc) => `\`${rpc}\``).join(", then "),
        retry[facts.retry]
      ])
    ),
    "### On the other pages",
    table(
      ["error", "HTTP", "the page says"],
      Record.toEntries(onPages).map(([tag, error]) => {
        const { heading, sentence, status } = explainPage(error)
        return [`\`${tag}\``, String(status), `**${heading}.** ${sentence}`]
      })
    ),
    "### Never on a page",
    table(
      ["error", "what becomes of it"],
      Record.toEntries(within).map(([tag, text]) => [`\`${tag}\``, text])
    )
  ].join("\n\n")

const charged: { readonly [C in CheckoutFacts["charged"]]: string } = {
  no: "no",
  "given-back": "nothing stays charged",
  unknown: "nobody can say yet"
}

const retry: { readonly [R in CheckoutFacts["retry"]]: string } = {
  "same-key": "yes: same key, one order",
  "new-key": "yes: new key",
  "after-change": "no: change something first"
}

const shownAtTheTill = (failure: CheckoutFailure): ReadonlyArray<string> => {
  const { field, heading, status, text } = explain(failure)
  return [String(status), `**${heading}.** ${text}${field === undefined ? "" : ` Beside \`${field}\`.`}`]
}

const link = ({ _tag }: FailureClass): string => `[${_tag}](../${docstrings.get(_tag)?.file ?? ""})`

/** The rpcs whose contracts list it; the three of transport are listed by none. */
const raisedBy = (failure: FailureClass): string => {
  const rpcs = Rpcs.all.filter(({ failures }) => failures.includes(failure))
  return rpcs.length === 0 ? "any call" : rpcs.map((rpc) => `\`${Rpcs.nameOf(rpc)}\``).join(" ")
}
