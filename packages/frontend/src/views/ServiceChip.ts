import { type Html, html } from "../Html.ts"

/** In the order of their colours in style.css. */
const services = [
  "frontend",
  "checkoutservice",
  "cartservice",
  "productcatalogservice",
  "currencyservice",
  "paymentservice",
  "shippingservice",
  "emailservice",
  "recommendationservice"
]

/** The class that gives what belongs to a service its colour. */
export const color = (service: string): string => `of-${services.indexOf(service) + 1}`

/** The name of a service, with its colour. */
export const chip = (service: string): Html => html`<span class="service ${color(service)}">${service}</span>`
