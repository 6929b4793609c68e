import { type Html, html } from "./Html.ts"
import type { Told } from "./OrderConfirmation.ts"

/**
 * The confirmation as one document. Mail clients drop style sheets, scripts and pictures, and some know no layout but
 * tables: so every style stands where it counts.
 */
// prettier-ignore
export const page = (told: Told): Html => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${told.subject}</title>
</head>
<body style="margin:0;padding:0;background-color:#e9e4d4;">
<div style="display:none;max-height:0;overflow:hidden;">${told.total}, ordered on ${told.day}.</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="background-color:#e9e4d4;">
<tr><td align="center" style="padding:24px 12px;">
<table role="presentation" width="600" cellpadding="0" cellspacing="0" border="0"
  style="width:100%;max-width:600px;background-color:#fffdf5;border:3px solid #1d1b3a;">
<tr><td style="${banner}padding:20px 24px;font-size:24px;font-weight:bold;letter-spacing:2px;color:#ffd23f;">&#9654; RETRO STATION</td></tr>
<tr><td style="background-color:#e4572e;height:6px;line-height:6px;font-size:6px;">&nbsp;</td></tr>
<tr><td style="padding:24px;${prose}">
<h1 style="margin:0 0 8px;font-size:22px;line-height:1.3;color:#1d1b3a;">Thank you! Your games are on their way.</h1>
<p style="margin:0;">Ordered on ${told.day}.</p>
</td></tr>
<tr><td style="padding:0 24px 16px;">
<table width="100%" cellpadding="0" cellspacing="0" border="0"
  style="${typewriter}font-size:14px;color:#1d1b3a;background-color:#e9e4d4;">
${fact("Order", told.orderId)}
${fact("Tracking", told.trackingId)}
</table>
</td></tr>
<tr><td style="padding:0 24px;">
<table width="100%" cellpadding="0" cellspacing="0" border="0" style="${prose}border-collapse:collapse;">
<thead><tr>${heading("Game", "left")}${heading("Price", "right")}${heading("Quantity", "right")}${heading("Sum", "right")}</tr></thead>
<tbody>
${told.games.map(row)}
${sum("Shipping", told.shipping, "normal")}
${sum("Total", told.total, "bold")}
</tbody>
</table>
</td></tr>
<tr><td style="padding:16px 24px 24px;${prose}">
<p style="margin:0 0 16px;">${told.paidBy}</p>
<h2 style="margin:0 0 4px;font-size:16px;color:#1d1b3a;">Goes to</h2>
<p style="margin:0;">${told.address.map((line) => html`${line}<br>`)}</p>
</td></tr>
<tr><td style="${banner}padding:14px 24px;font-size:12px;color:#e9e4d4;">Keep your cartridges dry.</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`

const typewriter = "font-family:'Courier New',Courier,monospace;"
const banner = `background-color:#1d1b3a;${typewriter}`
const prose = "font-family:Verdana,Geneva,sans-serif;font-size:14px;line-height:1.5;color:#33304f;"
const ruled = "padding:8px 4px;border-bottom:1px solid #d8d1bb;"

// prettier-ignore
const fact = (name: string, value: string) =>
  html`<tr><th scope="row" align="left" style="padding:8px 12px;font-weight:normal;white-space:nowrap;">${name}</th><td style="padding:8px 12px;word-break:break-all;">${value}</td></tr>`

// prettier-ignore
const heading = (name: string, align: string) =>
  html`<th scope="col" align="${align}" style="padding:8px 4px;border-bottom:2px solid #1d1b3a;font-size:12px;">${name}</th>`

// prettier-ignore
const row = ({ name, price, quantity, sum }: Told["games"][number]) =>
  html`<tr><td valign="top" style="${ruled}word-break:break-word;">${name}</td>${figure(price)}${figure(quantity)}${figure(sum)}</tr>
`

// prettier-ignore
const figure = (text: string) => html`<td align="right" valign="top" style="${ruled}white-space:nowrap;">${text}</td>`

// prettier-ignore
const sum = (name: string, amount: string, weight: string) =>
  html`<tr><th colspan="3" scope="row" align="left" style="padding:8px 4px;font-weight:${weight};">${name}</th><td align="right" style="padding:8px 4px;white-space:nowrap;font-weight:${weight};">${amount}</td></tr>`
