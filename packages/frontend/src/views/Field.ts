import * as Derived from "../Derived.ts"
import { type Html, html, settled } from "../Html.ts"
import type { Notice } from "./Models.ts"

/** A labelled control. */
export interface Field {
  /** Sent under this name, which is its id too. */
  readonly name: string
  readonly label: string
  readonly value: string
  readonly error: string | undefined
  /** The HTML autofill token. */
  readonly autocomplete: string
  readonly hint?: string
  readonly optional?: boolean
  readonly type?: "text" | "email"
  readonly inputmode?: "numeric" | "email"
  readonly maxlength?: number
  /** Widens or narrows it: a class of the stylesheet. */
  readonly size?: "short" | "half"
}

/** One of a list of values. */
export interface Option {
  readonly value: string
  readonly label: string
}

/** A line to type in. */
export const input = (field: Field): Html =>
  wrap(
    field,
    html`<input
      id="${field.name}"
      name="${field.name}"
      type="${field.type ?? "text"}"
      value="${field.value}"
      ${
        field.inputmode !== undefined && html` inputmode="${field.inputmode}"`
      }${field.maxlength !== undefined && html` maxlength="${field.maxlength}"`}${attributes(field)}
    />`
  )

/** One of a list; a value that is not on it stays, as an option of its own. */
export const select = (field: Field, options: ReadonlyArray<Option>): Html => {
  const known = field.value === "" || options.some((option) => option.value === field.value)
  return wrap(
    field,
    html`<select id="${field.name}" name="${field.name}" ${attributes(field)}>
      <option value="">Choose…</option>
      ${!known && choice({ value: field.value, label: field.value }, field.value)}${choices(options)(field.value)}
    </select>`
  )
}

/** The options of a select, the one with that value chosen: put together once for each of a list that is kept. */
export const choices = Derived.of((options: ReadonlyArray<Option>) => {
  const values = new Set(options.map(({ value }) => value))
  const made = new Map<string | undefined, Html>()
  return (value: string): Html => {
    const chosen = values.has(value) ? value : undefined
    const known = made.get(chosen)
    if (known !== undefined) return known
    const fresh = settled(html`${options.map((option) => choice(option, chosen))}`)
    made.set(chosen, fresh)
    return fresh
  }
})

/** An option of a select, chosen when it is the value. */
export const choice = (option: Option, value: string | undefined): Html =>
  html`<option value="${option.value}" ${option.value === value && html`selected`}>${option.label}</option>`

/** What was refused, each a link to its field, and what that means; takes the focus when the page opens. */
export const summary = (
  errors: ReadonlyArray<{ readonly name: string; readonly label: string; readonly error: string }>,
  said: Notice | undefined
): Html | false =>
  errors.length > 0 &&
  html`<div class="notice bad" id="problems" role="alert" tabindex="-1" autofocus>
    <h2>${errors.length === 1 ? "One thing needs" : `${errors.length} things need`} another look</h2>
    <ul>
      ${errors.map(({ error, label, name }) => html`<li><a href="#${name}">${label}: ${error}</a></li>`)}
    </ul>
    ${said !== undefined && html`<p><strong>${said.heading}.</strong> ${said.text}</p>`}
  </div>`

const wrap = (field: Field, control: Html): Html =>
  html`<div class="field${field.size !== undefined && html` ${field.size}`}">
    <label for="${field.name}"
      >${field.label}${field.optional === true && html` <span class="optional">(optional)</span>`}</label
    >
    ${field.hint !== undefined && html`<p class="hint" id="${field.name}-hint">${field.hint}</p>`}
    ${field.error !== undefined && html`<p class="error" id="${field.name}-error">${field.error}</p>`} ${control}
  </div> `

const attributes = (field: Field): Html => {
  const described = [
    field.hint !== undefined && `${field.name}-hint`,
    field.error !== undefined && `${field.name}-error`
  ].filter((id) => id !== false)
  return html` autocomplete="${field.autocomplete}"${field.optional !== true && html` required`}${
    field.error !== undefined && html` aria-invalid="true"`
  }${described.length > 0 && html` aria-describedby="${described.join(" ")}"`}`
}
