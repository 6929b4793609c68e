import type { Stage } from "@retro/contract/ShippingService"
import { type Html, html } from "../Html.ts"
import * as Layout from "./Layout.ts"
import type { Chrome, TrackingModel } from "./Models.ts"
import { moment } from "./Moment.ts"

/** Where a parcel is: the stops it made and those to come, as a line with stations. */
export const view = (chrome: Chrome, { events, trackingId }: TrackingModel): Html => {
  const last = events.at(-1)
  const reached = new Map(events.map(({ at, stage }) => [stage, at]))
  const line = last?.stage === "cancelled" ? events.map(({ stage }) => stage) : route
  return Layout.page(
    chrome,
    { title: "Track a parcel" },
    html`<h1>Your parcel</h1>
      <p>Tracking number <strong class="code">${trackingId}</strong></p>
      ${last === undefined && html`<p class="nothing">The carrier has not seen it yet. Look again in a while.</p>`}
      <ol class="line">
        ${line.map((stage) => {
          const at = reached.get(stage)
          return html`<li
            class="${stage === "cancelled" ? "stop bad" : at === undefined ? "stop ahead" : "stop"}"
            ${stage === last?.stage && html`aria-current="step"`}
          >
            <strong>${names[stage]}</strong>
            ${at === undefined ? html`<span class="meta">still to come</span>` : moment(at)}
          </li> `
        })}
      </ol>
      <p class="ways"><a class="button" href="/orders">Your orders</a></p>`
  )
}

const route: ReadonlyArray<Stage> = ["label-created", "picked-up", "in-transit", "out-for-delivery", "delivered"]

const names: Readonly<Record<Stage, string>> = {
  "label-created": "Ticket written",
  "picked-up": "Picked up at the station",
  "in-transit": "On the rails",
  "out-for-delivery": "Out for delivery",
  delivered: "Delivered",
  cancelled: "Stopped and sent back"
}
