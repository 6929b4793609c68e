import { type Html, html } from "../Html.ts"
import * as Layout from "./Layout.ts"
import type { Chrome, MailModel } from "./Models.ts"
import { moment } from "./Moment.ts"
import * as Paths from "./Paths.ts"

/** One captured message: its HTML part in a frame without rights, and its text. Development only. */
export const view = (chrome: Chrome, { at, htmlHref, subject, text, to }: MailModel): Html =>
  Layout.page(
    chrome,
    { title: subject },
    html`<nav class="crumbs" aria-label="Breadcrumb">
        <ol>
          <li><a href="${Paths.mailbox}">Dev mailbox</a></li>
          <li aria-current="page">Message</li>
        </ol>
      </nav>
      <h1>${subject}</h1>
      <p class="meta">To ${to}, ${moment(at)}</p>
      <iframe class="mail" src="${htmlHref}" title="The message as HTML" sandbox loading="lazy"></iframe>
      <h2>As text</h2>
      <pre class="mail" tabindex="0">${text}</pre>`
  )
