import { InvalidPageToken, maxPageSize, TooManyProducts } from "@retro/contract/ProductCatalogService"
import type { Product } from "@retro/domain/Product"
import { Either, Encoding, Hash } from "effect"

/** Which part of a list to give. */
export interface PageRequest {
  /** 0 for everything that is left. */
  readonly pageSize: number
  /** What the page before gave out; empty for the first. */
  readonly pageToken: string
}

/** A part of a list, and the token of the next one; empty after the last. */
export interface Page {
  readonly products: ReadonlyArray<Product>
  readonly nextPageToken: string
}

/**
 * The page of a list that `list` tells from other lists. A token names the last product of its page, so that products
 * which come or go elsewhere in the list shift nothing; it is refused for another list, and when its product is gone.
 */
export const page = (
  products: ReadonlyArray<Product>,
  list: string,
  { pageSize, pageToken }: PageRequest
): Either.Either<Page, TooManyProducts | InvalidPageToken> =>
  Either.flatMap(startOf(products, list, pageToken), (start) => {
    const left = products.length - start
    if (pageSize === 0 && left > maxPageSize) return Either.left(new TooManyProducts({ maxPageSize }))
    const shown = products.slice(start, pageSize === 0 ? undefined : start + pageSize)
    const last = shown.at(-1)
    const nextPageToken = last === undefined || shown.length === left ? "" : tokenAfter(list, last)
    return Either.right({ products: shown, nextPageToken })
  })

const startOf = (
  products: ReadonlyArray<Product>,
  list: string,
  pageToken: string
): Either.Either<number, InvalidPageToken> => {
  if (pageToken === "") return Either.right(0)
  const id = Either.getOrElse(Encoding.decodeBase64UrlString(pageToken), () => "").split(" ")[1]
  const index = products.findIndex((product) => product.id === id && tokenAfter(list, product) === pageToken)
  return index < 0 ? Either.left(new InvalidPageToken()) : Either.right(index + 1)
}

const tokenAfter = (list: string, { id }: Product): string => Encoding.encodeBase64Url(`${Hash.string(list)} ${id}`)
