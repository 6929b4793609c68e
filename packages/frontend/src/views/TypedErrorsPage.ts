import { type Html, html } from "../Html.ts"
import type { TypedError } from "../TypedErrorGuide.ts"
import * as Layout from "./Layout.ts"
import type { Chrome } from "./Models.ts"
import * as Paths from "./Paths.ts"

/** Every error that a service answers with; each can be gone to by its tag. Development only. */
export const view = (chrome: Chrome, errors: Iterable<TypedError>): Html =>
  Layout.page(
    chrome,
    { title: "Typed errors", styles: "traces.css" },
    html`<nav class="crumbs" aria-label="Breadcrumb">
        <ol>
          <li><a href="${Paths.traces}">Traces</a></li>
          <li aria-current="page">Typed errors</li>
        </ol>
      </nav>
      <h1>Typed errors</h1>
      <p>
        What services answer with when they do not do what they are asked. The way of one, and how to add another:
        docs/typed-errors.md.
      </p>
      ${Array.from(errors, section)}`
  )

const section = ({ file, grpc, http, means, raisedBy, tag }: TypedError): Html =>
  html`<section id="${tag}">
    <h2>${tag}</h2>
    <p>${means}</p>
    <dl class="attributes">
      <div>
        <dt>raised by</dt>
        <dd>${raisedBy}</dd>
      </div>
      <div>
        <dt>on the wire</dt>
        <dd>${grpc}</dd>
      </div>
      <div>
        <dt>to a browser</dt>
        <dd>${http}</dd>
      </div>
      <div>
        <dt>declared in</dt>
        <dd>${file}</dd>
      </div>
    </dl>
  </section> `
