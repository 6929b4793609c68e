import { ProductId } from "@retro/domain/Ids"
import * as Money from "@retro/domain/Money"
import { Product } from "@retro/domain/Product"
import { Either } from "effect"

/** A game with only what a test cares about. */
export const game = (
  id: string,
  more: Partial<Pick<Product, "name" | "description" | "categories" | "platform">> = {}
) =>
  new Product({
    id: ProductId.make(id),
    name: id,
    description: "",
    picture: "",
    priceUsd: Either.getOrThrow(Money.fromNanos("USD", 5_490_000_000n)),
    categories: [],
    platform: "",
    year: 1990,
    players: 1,
    weightGrams: 200,
    ...more
  })

/** That many games: N0, N1 and so on. */
export const games = (count: number) => Array.from({ length: count }, (_, index) => game(`N${index}`))

export const idsOf = (products: ReadonlyArray<Product>) => products.map(({ id }) => id)
