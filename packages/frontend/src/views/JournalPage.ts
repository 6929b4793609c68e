import { DateTime } from "effect"
import type { Journal } from "../DevJournal.ts"
import { type Html, html } from "../Html.ts"
import * as Layout from "./Layout.ts"
import type { Chrome } from "./Models.ts"
import { moment } from "./Moment.ts"
import * as Paths from "./Paths.ts"

export interface Model {
  readonly journals: ReadonlyArray<Journal>
}

/** How many orders stand how, and the journal of each. Development only. */
export const view = (chrome: Chrome, { journals }: Model): Html =>
  Layout.page(
    chrome,
    { title: "Dev journal" },
    html`<h1>Dev journal</h1>
      <p>${Object.entries(states).map(([state, name], index) => count(journals, state, name, index > 0))}</p>
      ${
        journals.length === 0
          ? html`<p class="nothing">No order yet. The stationmaster's book is blank.</p>`
          : journals.map(section)
      }`
  )

const states: Readonly<Record<Journal["state"], string>> = {
  "in-flight": "in flight",
  parked: "parked",
  done: "done",
  failed: "failed",
  compensated: "failed and undone"
}

const count = (journals: Model["journals"], state: string, name: string, isNext: boolean): Html =>
  html`${isNext && ", "}${journals.filter((journal) => journal.state === state).length} ${name}`

const section = ({ attempts, begunAt, id, leasedUntil, program, state, steps }: Journal): Html =>
  html`<section aria-labelledby="j-${id}">
    <h2 id="j-${id}">${id.slice(0, 8)}: ${states[state]}</h2>
    <p class="meta">
      ${program}, begun ${moment(at(begunAt))},
      ${attempts === 1 ? "one attempt" : `${attempts} attempts`}${
        leasedUntil !== undefined && html`, leased until ${seconds(leasedUntil)}`
      }
    </p>
    <table>
      <thead>
        <tr>
          <th scope="col">Step</th>
          <th scope="col">Outcome</th>
        </tr>
      </thead>
      <tbody>
        ${steps.map(
          ({ name, outcome }) =>
            html`<tr>
              <td>${name}</td>
              <td>${outcome}</td>
            </tr> `
        )}
      </tbody>
    </table>
    ${
      state === "parked" &&
      html`<form method="post" action="${Paths.journal}/retry">
        <input type="hidden" name="id" value="${id}" /><button>Put it back</button>
      </form>`
    }
  </section> `

const at = (millis: number) => DateTime.unsafeMake(millis)

const seconds = (millis: number): string => `${DateTime.formatIso(at(millis)).slice(11, 19)} UTC`
