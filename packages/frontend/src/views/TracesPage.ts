import { type Html, html } from "../Html.ts"
import type { Trace, Wanted } from "../Traces.ts"
import * as Layout from "./Layout.ts"
import type { Chrome } from "./Models.ts"
import * as Paths from "./Paths.ts"
import { chip } from "./ServiceChip.ts"
import { timeOf, took } from "./Took.ts"

/** What was looked for, and what was found of it. */
interface Model {
  readonly wanted: Wanted
  readonly traces: ReadonlyArray<Trace>
  /** How many there are, shown or not. */
  readonly total: number
}

/** The last requests, newest first. Development only. */
export const view = (chrome: Chrome, { total, traces, wanted }: Model): Html =>
  Layout.page(
    chrome,
    { title: "Traces", styles: "traces.css" },
    html`<h1>Traces</h1>
      <p>
        What the last requests did, and where. ${total > traces.length && `The newest ${traces.length} of ${total}.`}
      </p>
      ${form(wanted)}
      ${
        traces.length === 0
          ? html`<p class="nothing">No such request has been here lately.</p>`
          : html`<ol class="rows traces">
              ${traces.map(row)}
            </ol>`
      }`
  )

const form = ({ only, text }: Wanted): Html =>
  html`<form class="find" action="${Paths.traces}">
    <label for="find">Route or trace id</label>
    <input id="find" name="q" value="${text}" autocomplete="off" maxlength="100" />
    <label for="only">Only</label>
    <select id="only" name="only">
      ${choices.map(
        ([value, label]) => html`<option value="${value}" ${value === only && html` selected`}>${label}</option>`
      )}
    </select>
    <button>Find</button>
  </form>`

const choices: ReadonlyArray<readonly [Wanted["only"], string]> = [
  ["all", "all of them"],
  ["errors", "with errors"],
  ["slow", "100 ms and slower"]
]

const row = ({ errors, id, nanos, root, services, startNanos }: Trace): Html => {
  const status = root.attributes.get("http.response.status_code")
  return html`<li>
    <a href="${Paths.trace(id)}">${root.name}</a>
    <span
      >${status !== undefined && html`${String(status)}, `}${took(nanos)}
      ${errors.map((tag) => html`<strong class="failed">${tag}</strong> `)}</span
    >
    <span class="services">${services.map(chip)}</span>
    <time>${timeOf(startNanos)} UTC</time>
  </li> `
}
