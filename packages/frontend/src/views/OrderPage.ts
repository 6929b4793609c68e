import type { OrderStatus } from "@retro/contract/CheckoutService"
import { type Html, html } from "../Html.ts"
import * as Layout from "./Layout.ts"
import type { Chrome, OrderModel } from "./Models.ts"
import * as Paths from "./Paths.ts"
import { recommendations } from "./ProductCard.ts"
import { receipt } from "./Receipt.ts"

/** How an order stands, in a few words. */
export const states: Readonly<Record<OrderStatus["state"], string>> = {
  "in-progress": "On its way through",
  completed: "Complete",
  failed: "Did not go through",
  parked: "Held up"
}

/** One order: what has happened to it, and the receipt to keep or print. */
export const view = (chrome: Chrome, { justPlaced, recommendations: others, status }: OrderModel): Html => {
  const said = say(status, justPlaced)
  return Layout.page(
    chrome,
    { title: said.heading },
    html`<h1>${said.heading}</h1>
      <p class="lead">${said.text}</p>
      ${progress(status)} ${status.order !== undefined && receipt(chrome, status.order)} ${ways(status)}
      ${recommendations(chrome, others)}`
  )
}

const say = (
  { payment, state }: OrderStatus,
  justPlaced: boolean
): { readonly heading: string; readonly text: string } => {
  switch (state) {
    case "completed":
      return {
        heading: justPlaced ? "Thank you!" : "Your order",
        text: justPlaced ? "Your games have a seat on the next train." : "Paid, packed and handed over."
      }
    case "in-progress":
      return { heading: "Your order is being placed", text: "It will be placed once, however often you look." }
    case "parked":
      return {
        heading: "Your order is held up",
        text: "Something on our side is stuck, and we keep trying. You will not be charged twice."
      }
    case "failed":
      return { heading: "This order did not go through", text: failures[payment] }
  }
}

const failures: Readonly<Record<OrderStatus["payment"], string>> = {
  pending: "We are making sure that your card is not charged.",
  charged: "Your card was charged, and we are giving it back.",
  refunded: "Your card was charged, and the whole amount has been given back.",
  declined: "The bank declined the card, so nothing was charged. Your cart is still there.",
  "not-charged": "Your card was not charged. Your cart is still there."
}

const payments: Readonly<Record<OrderStatus["payment"], string>> = {
  pending: "Waiting for the bank",
  charged: "Paid",
  refunded: "Paid back",
  declined: "Declined by the bank",
  "not-charged": "Not charged"
}

const shipments: Readonly<Record<OrderStatus["shipment"], string>> = {
  pending: "Being packed",
  shipped: "Handed to the carrier",
  cancelled: "Cancelled",
  "not-shipped": "Nothing was sent"
}

const emails: Readonly<Record<OrderStatus["email"], string>> = {
  pending: "The confirmation is waiting to be sent",
  sent: "We have sent you a confirmation",
  failed: "We could not send the e-mail. This page is your receipt: print it or keep its address",
  "not-sent": "There was nothing to confirm"
}

const progress = ({ email, payment, shipment }: OrderStatus): Html =>
  html`<ul class="line three">
    ${stop(payment === "charged" || payment === "refunded", payment === "declined" || payment === "not-charged", "Payment", payments[payment])}
    ${stop(shipment === "shipped", shipment === "cancelled" || shipment === "not-shipped", "Shipment", shipments[shipment])}
    ${stop(email === "sent", email === "failed", "E-mail", emails[email])}
  </ul>`

const stop = (done: boolean, bad: boolean, what: string, how: string): Html =>
  html`<li class="${bad ? "stop bad" : done ? "stop" : "stop ahead"}"><strong>${what}</strong> <span>${how}</span></li>`

const ways = ({ order, orderId, state }: OrderStatus): Html =>
  html`<p class="ways">
    ${state === "failed" && html`<a class="button" href="/cart">Back to your cart</a>`}
    ${state === "in-progress" && html`<a class="button" href="${Paths.order(orderId)}">Look again</a>`}
    ${order !== undefined && html`<a class="button" href="${Paths.track(order.shippingTrackingId)}">Track the parcel</a>`}
    <a class="button" href="/orders">All your orders</a>
  </p>`
