/** Markup that is safe to show: only {@link html} makes it. */
export class Html {
  readonly markup: string
  constructor(markup: string) {
    this.markup = markup
  }
}

/** Markup around values: texts are escaped, markup stays, and lists are put one after the other. */
export const html = (
  parts: TemplateStringsArray,
  ...values: ReadonlyArray<string | Html | ReadonlyArray<Html>>
): Html =>
  new Html(parts.map((part, index) => (index === 0 ? part : markupOf(values[index - 1] ?? "") + part)).join(""))

const markupOf = (value: string | Html | ReadonlyArray<Html>): string => {
  if (value instanceof Html) return value.markup
  return typeof value === "string" ? escape(value) : value.map(({ markup }) => markup).join("")
}

const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
