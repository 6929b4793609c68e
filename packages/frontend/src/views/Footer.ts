import * as Derived from "../Derived.ts"
import { type Html, html } from "../Html.ts"
import type { Chrome, Platform } from "./Models.ts"
import { dayOf } from "./Moment.ts"

/** More ways, and where, for whom and by which build the page was made. */
export const footer = ({ devPages, footer }: Chrome): Html =>
  html`<footer class="bottom">
    <div class="wrap">
      <nav aria-label="More">
        <a href="/">All games</a><a href="/search">Search</a><a href="/orders">Your orders</a
        ><a href="/logout">Forget me</a>${devPages.map(({ href, label }) => html`<a href="${href}">${label}</a>`)}
      </nav>
      <p>Every game, machine and maker here is invented, and so is the railway.</p>
      <dl class="facts">
        ${
          footer.platform !== undefined &&
          html`<div>
            <dt>Runs on</dt>
            <dd><span class="flag flag-${footer.platform}">${platforms[footer.platform]}</span></dd>
          </div>`
        }
        ${
          footer.where !== undefined &&
          html`<div>
            <dt>Served by</dt>
            <dd>${footer.where}</dd>
          </div>`
        }
        ${
          footer.rates !== undefined &&
          html`<div>
            <dt>Exchange rates</dt>
            <dd>${dayOfRates(footer.rates)}</dd>
          </div>`
        }
        <div>
          <dt>Request</dt>
          <dd>
            ${footer.trace === undefined ? footer.requestId : html`<a href="${footer.trace}">${footer.requestId}</a>`}
          </dd>
        </div>
        <div>
          <dt>Session</dt>
          <dd>${footer.sessionHash}</dd>
        </div>
        <div>
          <dt>Version</dt>
          <dd>${footer.version}</dd>
        </div>
      </dl>
    </div>
  </footer>`

const dayOfRates = Derived.of(
  ({ date, stale }: NonNullable<Chrome["footer"]["rates"]>) => html`${dayOf(date)}${stale && ", more than 5 days old"}`
)

const platforms: Readonly<Record<Platform, string>> = {
  local: "This machine",
  gcp: "Google Cloud",
  aws: "AWS",
  azure: "Azure",
  onprem: "On premises",
  alibaba: "Alibaba Cloud"
}
