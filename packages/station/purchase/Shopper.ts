import { Effect } from "effect"

/** A page as a shopper sees it. */
export interface Page {
  readonly status: number
  readonly location: string | null
  /** The panels that it is without, or that are old. */
  readonly degraded: string | null
  readonly html: string
  /** The words of the page, tags removed, entities of text resolved. */
  readonly text: string
}

/** A browser without JavaScript: keeps cookies, reads forms, follows nothing by itself. */
export interface Shopper {
  readonly get: (path: string) => Effect.Effect<Page>
  /** The values of the cookies it has, by their names. */
  readonly cookies: Effect.Effect<Readonly<Record<string, string>>>
  readonly post: (path: string, fields: Record<string, string>) => Effect.Effect<Page>
  /** Calls an rpc of the shop for programs in the same session; answers what it succeeds with, as JSON. */
  readonly call: (rpc: string, payload: unknown) => Effect.Effect<unknown>
}

/** A new shopper at the shop on this port. */
export const make = (port: number): Shopper => at(`http://127.0.0.1:${port}`)

/** A new shopper at the shop at this origin: "https://shop.example". */
export const at = (origin: string): Shopper => {
  const cookies = new Map<string, string>()
  const request = (path: string, init: RequestInit) =>
    Effect.promise(async (signal) => {
      const cookie = Array.from(cookies, (pair) => pair.join("=")).join("; ")
      const response = await fetch(`${origin}${path}`, {
        ...init,
        signal,
        redirect: "manual",
        headers: { cookie }
      })
      for (const line of response.headers.getSetCookie()) {
        const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? []
        cookies.set(name, value)
      }
      const html = await response.text()
      const { headers, status } = response
      const [location, degraded] = [headers.get("location"), headers.get("x-degraded")]
      return { status, location, degraded, html, text: textOf(html) }
    })
  return {
    get: (path) => request(path, {}),
    cookies: Effect.sync(() => Object.fromEntries(cookies)),
    post: (path, fields) => request(path, { method: "POST", body: new URLSearchParams(fields) }),
    call: (tag, payload) =>
      Effect.map(
        request("/rpc", { method: "POST", body: JSON.stringify({ _tag: "Request", id: "1", tag, payload }) }),
        ({ html }) => JSON.parse(html.split("\n", 1)[0] ?? "").exit.value
      )
  }
}

/** The hidden fields of the form that posts to `action`. */
export const hidden = ({ html }: Page, action: string): Record<string, string> => {
  const form = html.split("<form").find((part) => part.includes(`action="${action}"`)) ?? ""
  const inputs = form.slice(0, form.indexOf("</form>")).match(/<input[^>]*type="hidden"[^>]*>/g) ?? []
  return Object.fromEntries(inputs.map((input) => [attribute(input, "name"), attribute(input, "value")]))
}

const attribute = (tag: string, name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? ""

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'", nbsp: " " }

const textOf = (html: string): string =>
  html
    .replace(/<(script|style)[\s\S]*?<\/\1>/g, " ")
    .replaceAll("<wbr />", "")
    .replace(/<[^>]*>/g, " ")
    .replace(/&([a-z]+|#39);/g, (all, name: string) => entities[name] ?? all)
    .replace(/[\s\u00a0]+/g, " ")
