import type { Fault, Rule, Target } from "@retro/contract/Faults"
import { type Html, html } from "../Html.ts"
import { input, select, summary } from "./Field.ts"
import * as Layout from "./Layout.ts"
import type { Chrome } from "./Models.ts"
import * as Paths from "./Paths.ts"

/** What can be chosen to happen. */
export const kinds = ["latency", "failure", "hang"] as const

/** The fields of the form. */
export const names = ["rpc", "fault", "error", "millis", "percent"] as const
export type Name = (typeof names)[number]

/** What was typed and what was wrong with it. */
export interface FormModel {
  readonly values: Partial<Record<Name, string>>
  readonly errors: Partial<Record<Name, string>>
}

/** What goes wrong now, and what can. */
export interface Model {
  readonly targets: ReadonlyArray<Target>
  readonly rules: ReadonlyArray<Rule>
  readonly form: FormModel
}

/** The faults that are on, a form for another one, and a button that ends them all. Development only. */
export const view = (chrome: Chrome, { form, rules, targets }: Model): Html =>
  Layout.page(
    chrome,
    { title: "Faults" },
    html`<h1>Faults</h1>
      <p>
        What is switched on here goes wrong on purpose, for everybody, until it is ended or the shop is started again.
      </p>
      ${summary(
        names.flatMap((name) => {
          const error = form.errors[name]
          return error === undefined ? [] : [{ name, label: labels[name], error }]
        }),
        undefined
      )}
      <section aria-labelledby="on">
        <h2 id="on">On now</h2>
        ${rules.length === 0 ? html`<p class="nothing">Nothing goes wrong. All trains are on time.</p>` : table(rules)}
      </section>
      <section aria-labelledby="another">
        <h2 id="another">Another fault</h2>
        ${formOf(targets, form)}
      </section>`
  )

const table = (rules: ReadonlyArray<Rule>): Html =>
  html`<table>
      <thead>
        <tr>
          <th scope="col">Call</th>
          <th scope="col">What happens</th>
          <th scope="col">How often</th>
        </tr>
      </thead>
      <tbody>
        ${rules.map(
          ({ fault, probability, rpc }) =>
            html`<tr>
              <td>${rpc}</td>
              <td>${sentence(fault)}</td>
              <td>${Math.round(probability * 100)} %</td>
            </tr> `
        )}
      </tbody>
    </table>
    <form method="post" action="${Paths.faults}/reset"><button>End them all</button></form>`

const sentence = (fault: Fault): string => {
  switch (fault._tag) {
    case "Latency":
      return `answers ${fault.millis} ms later`
    case "Failure":
      return `fails with ${fault.error}`
    case "Hang":
      return "is never answered"
  }
}

const formOf = (targets: ReadonlyArray<Target>, { errors, values }: FormModel): Html => {
  const field = (name: Name) => ({
    name,
    label: labels[name],
    value: values[name] ?? defaults[name],
    error: errors[name],
    autocomplete: "off"
  })
  const tags = [...new Set(targets.flatMap(({ errors }) => errors))].toSorted((one, other) => one.localeCompare(other))
  return html`<form method="post" action="${Paths.faults}" novalidate>
    <fieldset>
      <legend>Which call, and how</legend>
      ${select(
        field("rpc"),
        targets.map(({ rpc }) => ({ value: rpc, label: rpc }))
      )}
      ${select(field("fault"), [
        { value: "latency", label: "It is answered late" },
        { value: "failure", label: "It fails" },
        { value: "hang", label: "It is never answered" }
      ])}
      ${select(
        {
          ...field("error"),
          optional: true,
          hint: "Where it fails: an error of its contract, or CallFailed for silence."
        },
        tags.map((tag) => ({ value: tag, label: tag }))
      )}
      ${input({ ...field("millis"), optional: true, inputmode: "numeric", hint: "Where it is late.", size: "short" })}
      ${input({ ...field("percent"), inputmode: "numeric", hint: "Of all calls.", size: "short" })}
    </fieldset>
    <button class="primary">Switch it on</button>
  </form>`
}

const labels: Readonly<Record<Name, string>> = {
  rpc: "Call",
  fault: "What happens",
  error: "Error",
  millis: "Milliseconds",
  percent: "Percent"
}

const defaults: Readonly<Record<Name, string>> = { rpc: "", fault: "", error: "", millis: "500", percent: "100" }
