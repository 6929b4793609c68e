import type { Product } from "@retro/domain/Product"
import { type Html, html } from "../Html.ts"
import type { Chrome } from "./Models.ts"

/** Width and height in CSS pixels: whole multiples of a cover's 40 × 54 pixels, so that they stay sharp. */
export const sizes = { small: [80, 108], card: [160, 216], large: [320, 432] } as const

/** The picture of a game; those below the fold wait until they are needed. */
export const cover = (
  chrome: Pick<Chrome, "asset">,
  product: Pick<Product, "id" | "name">,
  size: keyof typeof sizes,
  loading: "eager" | "lazy" = "lazy"
): Html => {
  const [width, height] = sizes[size]
  return html`<img
    class="cover cover-${size}"
    src="${chrome.asset(`covers/${product.id}.svg`)}"
    width="${width}"
    height="${height}"
    alt="Cover of ${product.name}"
    ${loading === "lazy" && html`loading="lazy" decoding="async"`}
  />`
}
