import type { ProductId } from "@retro/domain/Ids"
import type { Product } from "@retro/domain/Product"

/** A catalogue made ready for searching, once: afterwards a search looks only at the words that it asks for. */
export interface SearchIndex {
  /** In the order of the catalogue. */
  readonly products: ReadonlyArray<Product>
  readonly byId: ReadonlyMap<ProductId, Product>
  /** Every word of the catalogue, sorted, with the places it stands at. */
  readonly words: ReadonlyArray<readonly [string, ReadonlyArray<Place>]>
  /** The products of each platform and of each category, by its folded name, in the order of the catalogue. */
  readonly platforms: ReadonlyMap<string, ReadonlyArray<Product>>
  readonly categories: ReadonlyMap<string, ReadonlyArray<Product>>
}

/** A product, by its position, and the weight of the field that the word stands in. */
type Place = readonly [position: number, weight: number]

/** What to find. Empty texts ask for nothing. */
export interface Query {
  readonly query: string
  /** The whole name of a platform. */
  readonly platform: string
  readonly category: string
}

/** A word of the name outweighs one of platform or categories, and that one of the description. */
const weights = { name: 4, facet: 2, description: 1 }

/** Makes the index of products with different ids. */
export const make = (products: ReadonlyArray<Product>): SearchIndex => {
  const words = new Map<string, Array<Place>>()
  for (const [position, product] of products.entries()) {
    for (const [word, weight] of weighted(product)) {
      const places = words.get(word) ?? []
      places.push([position, weight])
      words.set(word, places)
    }
  }
  return {
    products,
    byId: new Map(products.map((product) => [product.id, product])),
    words: [...words].sort(([a], [b]) => (a < b ? -1 : 1)),
    platforms: grouped(products, ({ platform }) => [platform]),
    categories: grouped(products, ({ categories }) => categories)
  }
}

const grouped = (
  products: ReadonlyArray<Product>,
  namesOf: (product: Product) => ReadonlyArray<string>
): ReadonlyMap<string, ReadonlyArray<Product>> => {
  const groups = new Map<string, Array<Product>>()
  for (const product of products) {
    for (const name of new Set(namesOf(product).map(fold))) {
      const group = groups.get(name)
      if (group === undefined) groups.set(name, [product])
      else group.push(product)
    }
  }
  return groups
}

/**
 * The products with, for every word of the query, a word that begins with it; the best first, equals in the order of the
 * catalogue. Case, accents and punctuation make no difference. A blank query finds everything.
 */
export const search = (self: SearchIndex, { category, platform, query }: Query): ReadonlyArray<Product> => {
  const [onlyPlatform, onlyCategory] = [fold(platform), fold(category)]
  const ofPlatform = (product: Product) => onlyPlatform === "" || fold(product.platform) === onlyPlatform
  const ofCategory = (product: Product) =>
    onlyCategory === "" || product.categories.some((category) => fold(category) === onlyCategory)
  if (query.trim() === "") {
    if (onlyPlatform !== "") return (self.platforms.get(onlyPlatform) ?? []).filter(ofCategory)
    return onlyCategory === "" ? self.products : (self.categories.get(onlyCategory) ?? [])
  }
  const asked = [...new Set(wordsOf(query))]
  const [first, ...others] = asked.map((prefix) => positions(self, prefix))
  if (first === undefined) return []
  return [...first]
    .filter(([position]) => others.every((found) => found.has(position)))
    .map(
      ([position, score]) => [position, others.reduce((sum, found) => sum + (found.get(position) ?? 0), score)] as const
    )
    .sort(([a, scoreA], [b, scoreB]) => scoreB - scoreA || a - b)
    .flatMap(([position]) => self.products[position] ?? [])
    .filter((product) => ofPlatform(product) && ofCategory(product))
}

/** Where words begin with a prefix, each with the greatest weight it has there. */
const positions = (self: SearchIndex, prefix: string): ReadonlyMap<number, number> => {
  const found = new Map<number, number>()
  for (let index = firstNotBefore(self, prefix); index < self.words.length; index++) {
    const [word, places] = self.words[index] ?? ["", []]
    if (!word.startsWith(prefix)) break
    for (const [position, weight] of places) found.set(position, Math.max(weight, found.get(position) ?? 0))
  }
  return found
}

const firstNotBefore = (self: SearchIndex, prefix: string): number => {
  let [low, high] = [0, self.words.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((self.words[middle]?.[0] ?? "") < prefix) low = middle + 1
    else high = middle
  }
  return low
}

const weighted = (product: Product): ReadonlyMap<string, number> => {
  const found = new Map<string, number>()
  for (const word of wordsOf(product.description)) found.set(word, weights.description)
  for (const word of wordsOf([product.platform, ...product.categories].join(" "))) found.set(word, weights.facet)
  for (const word of wordsOf(product.name)) found.set(word, weights.name)
  return found
}

const wordsOf = (text: string): ReadonlyArray<string> => fold(text).match(/[\p{L}\p{N}]+/gu) ?? []

/** Letters that Unicode does not take apart into a plain one and a mark. */
const plain: Readonly<Record<string, string>> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  đ: "d",
  ð: "d",
  ł: "l",
  þ: "th",
  ı: "i"
}

/** A text without what a search passes over: case, marks, apostrophes and blanks around. */
const fold = (text: string): string =>
  text
    .toLowerCase()
    .normalize("NFKD")
    .replace(/[\p{M}'’]/gu, "")
    .replace(/[ßæœøđðłþı]/g, (letter) => plain[letter] ?? letter)
    .trim()
