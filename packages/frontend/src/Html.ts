/** Markup that may be sent: made only by {@link html}, {@link Html.raw} and {@link Html.json}, so all text in it is escaped. */
export class Html {
  readonly #markup: string
  private constructor(markup: string) {
    this.#markup = markup
  }
  /** Markup as it stands. Only for constants of this program: nothing a person, a file or a service said may come here. */
  static raw(constant: string): Html {
    return new Html(constant)
  }
  /** Data as JSON that no script element ends early over. */
  static json(data: Json): Html {
    return new Html(JSON.stringify(data).replaceAll("<", "\\u003c"))
  }
  toString(): string {
    return this.#markup
  }
}

/** What can stand in a template: text and numbers are escaped, `undefined` and `false` are nothing. */
export type Child = string | number | Html | ReadonlyArray<Html> | undefined | false

/** Data that JSON can say. */
export type Json = string | number | boolean | null | ReadonlyArray<Json> | { readonly [key: string]: Json }

/**
 * Markup with values in it, each escaped for text and for a quoted attribute.
 *
 * Write attributes with double quotes; an address that a person can choose needs {@link segment} or a check of its own.
 */
export const html = (template: TemplateStringsArray, ...children: ReadonlyArray<Child>): Html => {
  let markup = template[0] ?? ""
  for (let index = 0; index < children.length; index++) {
    markup += show(children[index]) + (template[index + 1] ?? "")
  }
  return Html.raw(markup)
}

/** The same markup in one piece, for what is shown again and again: texts that were put together lie in their parts. */
export const settled = (markup: Html): Html => Html.raw(Buffer.from(String(markup)).toString())

/** One segment of a path, percent-encoded; lone surrogates become U+FFFD where `encodeURIComponent` would throw. */
export const segment = (text: string): string =>
  plain.test(text) ? text : new URLSearchParams({ _: text }).toString().slice(2).replaceAll("+", "%20")

/** Stands for itself in an address; most of what we name does. */
const plain = /^[\w.-]*$/

const show = (child: Child): string => {
  if (typeof child === "string") return escape(child)
  if (child === undefined || child === false) return ""
  if (typeof child === "number" || child instanceof Html) return String(child)
  return child.join("")
}

const special = /[&<>"']/
const specials = /[&<>"']/g
const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;"
}

const escape = (text: string): string =>
  special.test(text) ? text.replace(specials, (character) => entities[character] ?? "") : text
