import type { EndedSpan } from "@retro/telemetry/EndedSpan"
import { type Html, html } from "../Html.ts"
import type { Placed, Trace } from "../Traces.ts"
import type { TypedError } from "../TypedErrorGuide.ts"
import * as Layout from "./Layout.ts"
import type { Chrome } from "./Models.ts"
import * as Paths from "./Paths.ts"
import { chip, color } from "./ServiceChip.ts"
import { timeOf, took } from "./Took.ts"

/** A trace, the errors that can be explained, and the ids of the traces that can be gone to from it. */
interface Model {
  readonly trace: Trace
  readonly errors: ReadonlyMap<string, TypedError>
  readonly known: ReadonlySet<string>
}

/** One request as a waterfall: each step below the one that asked for it. Development only. */
export const view = (chrome: Chrome, model: Model): Html => {
  const { errors, trace } = model
  return Layout.page(
    chrome,
    { title: trace.root.name, styles: "traces.css" },
    html`<nav class="crumbs" aria-label="Breadcrumb">
        <ol>
          <li><a href="${Paths.traces}">Traces</a></li>
          <li aria-current="page">${trace.root.name}</li>
        </ol>
      </nav>
      <h1>${trace.root.name}</h1>
      <p class="meta">
        ${timeOf(trace.startNanos)} UTC, ${took(trace.nanos)},
        ${trace.spans.length === 1 ? "1 span" : `${trace.spans.length} spans`}. Trace
        <span class="code">${trace.id}</span>
      </p>
      <p class="services">${trace.services.map(chip)}</p>
      ${trace.errors.length > 0 && html`<p class="lead failed">Ended in ${trace.errors.map((tag) => errorLink(tag, errors))}</p>`}
      <ol class="waterfall">
        ${trace.spans.map((placed) => row(placed, model))}
      </ol>`
  )
}

/** Deeper than this nothing is moved to the right any more. */
const deepest = 8

const row = ({ depth, from, part, span }: Placed, { errors, known, trace }: Model): Html =>
  html`<li class="${color(span.service)} deep-${Math.min(depth, deepest)}${span.errorType !== undefined && " bad"}">
    <details>
      <summary>
        <span class="what"
          ><span class="hidden">level ${depth + 1},</span> ${chip(span.service)} ${breakable(span.name)}
          ${span.errorType !== undefined && html`<strong class="failed">${span.errorType}</strong>`}</span
        >
        <span class="took">${took(span.endNanos - span.startNanos)}</span>
        <svg class="bar" width="100%" height="8" aria-hidden="true">
          <rect x="${percent(from)}" width="${percent(part)}" height="8" />
        </svg>
      </summary>
      <dl class="attributes">
        ${fact("kind", span.kind)} ${fact("began after", took(span.startNanos - trace.startNanos))}
        ${explanation(span.errorType, errors)} ${attributes(span.attributes)}
        ${span.events.flatMap((event) => attributes(event.attributes))} ${fact("span", span.spanId)}
        ${span.links.map((link) => linkTo(link, known))}
      </dl>
    </details>
  </li> `

/** "retrostation.CartService/GetCart" may go on in the next line after its dot and its slash. */
const breakable = (name: string): ReadonlyArray<Html> =>
  name.split(/(?<=\w[./])/).map((part, index) => html`${index > 0 && html`<wbr />`}${part}`)

/** Where in a bundle a span was begun says nothing. */
const noise = "code.stacktrace"

const attributes = (all: EndedSpan["attributes"]): ReadonlyArray<Html> =>
  [...all].flatMap(([name, value]) => (name === noise ? [] : [fact(name, String(value))]))

const percent = (part: number): string => `${(part * 100).toFixed(2)}%`

const fact = (name: string, value: string): Html =>
  html`<div>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`

/** An error's tag, with a way to what it means; defects and statuses have none. */
const errorLink = (tag: string, errors: Model["errors"]): Html =>
  errors.has(tag) ? html`<a href="${Paths.typedError(tag)}">${tag}</a> ` : html`${tag} `

const explanation = (tag = "", errors: Model["errors"]): Html | false => {
  const error = errors.get(tag)
  return (
    error !== undefined &&
    html`<div>
      <dt>${errorLink(tag, errors)}</dt>
      <dd>${error.means}</dd>
    </div>`
  )
}

/** Another trace that this one goes on with, repeats or undoes; to be gone to while it is remembered. */
const linkTo = ({ span: { traceId } }: EndedSpan["links"][number], known: ReadonlySet<string>): Html =>
  html`<div>
    <dt>goes on from</dt>
    <dd>${known.has(traceId) ? html`<a href="${Paths.trace(traceId)}">${traceId}</a>` : traceId}</dd>
  </div>`
