import { type Html, html } from "../Html.ts"
import * as Layout from "./Layout.ts"
import type { Chrome, MailboxModel } from "./Models.ts"
import { moment } from "./Moment.ts"
import * as Paths from "./Paths.ts"

/** The mail that was captured instead of sent, newest as it comes. Development only. */
export const view = (chrome: Chrome, { messages }: MailboxModel): Html =>
  Layout.page(
    chrome,
    { title: "Dev mailbox" },
    html`<h1>Dev mailbox</h1>
      ${
        messages.length === 0
          ? html`<p class="nothing">No mail yet. The postman is somewhere on the way; an order would wake him.</p>`
          : html`<ul class="rows">
              ${messages.map(
                ({ at, id, subject, to }) =>
                  html`<li><a href="${Paths.mail(id)}">${subject}</a><span>to ${to}</span>${moment(at)}</li> `
              )}
            </ul>`
      }`
  )
