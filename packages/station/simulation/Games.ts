import { ProductId } from "@retro/domain/Ids"
import * as Money from "@retro/domain/Money"
import { Product } from "@retro/domain/Product"
import { Either } from "effect"

const game = (id: string, name: string, price: string) =>
  new Product({
    id: ProductId.make(id),
    name,
    description: "",
    picture: "",
    priceUsd: Either.getOrThrow(Money.fromDecimal("USD", price)),
    categories: [],
    platform: "",
    year: 1990,
    players: 1,
    weightGrams: 200
  })

/** What the simulated shop sells: few games, so that the same one is bought and added again at once. */
export const all = [
  game("GAME-1", "First", "19.99"),
  game("GAME-2", "Second", "5.01"),
  game("GAME-3", "Third", "109.00")
] as const
