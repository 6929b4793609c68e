import type { Country } from "@retro/domain/Country"
import * as Money from "@retro/domain/Money"
import { Either, Option } from "effect"

/** How far away a country is, as parcels go. */
export type Zone = "home" | "north-america" | "europe" | "world"

interface Rate {
  /** For the first five games. */
  readonly first: Money.Money<"USD">
  /** For each five more that are begun. */
  readonly further: Money.Money<"USD">
}

/** How many games travel at one step of the table: one bubble-wrapped bundle. */
export const bundle = 5

const usd = (cents: bigint): Money.Money<"USD"> => Either.getOrThrow(Money.fromNanos("USD", cents * 10_000_000n))

/**
 * What a parcel costs, by zone and number of games. (The wire has no weights: a game of this shop counts as 200 g.)
 *
 * | zone                                                | 1 to 5 games | each further 5, begun |
 * |-----------------------------------------------------|-------------:|----------------------:|
 * | home: United States and its inhabited territories   |        $8.99 |                 $4.50 |
 * | north-america: Canada, Mexico, Greenland, Bermuda, Saint Pierre and Miquelon | $13.99 | $6.75 |
 * | europe                                              |       $18.99 |                 $8.95 |
 * | world: everywhere else                              |       $24.99 |                $11.95 |
 *
 * Nothing to ship costs nothing. Nobody delivers to Antarctica and the islands without inhabitants.
 */
const rates: Readonly<Record<Zone, Rate>> = {
  home: { first: usd(8_99n), further: usd(4_50n) },
  "north-america": { first: usd(13_99n), further: usd(6_75n) },
  europe: { first: usd(18_99n), further: usd(8_95n) },
  world: { first: usd(24_99n), further: usd(11_95n) }
}

/** The zone of a country; none where nobody delivers. */
export const zone = (country: Country): Option.Option<Zone> =>
  notServed.has(country) ? Option.none() : Option.some(zones.get(country) ?? "world")

/** What that many games cost in a zone. */
export const quote = (zone: Zone, games: number): Either.Either<Money.Money<"USD">, Money.AmountOutOfRange> => {
  if (games === 0) return Either.right(Money.zero("USD"))
  const { first, further } = rates[zone]
  return Either.flatMap(Money.multiply(further, Math.ceil(Math.max(games - bundle, 0) / bundle)), (more) =>
    Money.add(first, more)
  )
}

const inZone = (zone: Zone, ...countries: ReadonlyArray<Country>) =>
  countries.map((country) => [country, zone] as const)

// prettier-ignore
const zones: ReadonlyMap<Country, Zone> = new Map([
  ...inZone("home", "US", "PR", "VI", "GU", "AS", "MP"),
  ...inZone("north-america", "CA", "MX", "GL", "BM", "PM"),
  ...inZone("europe",
    "AD", "AL", "AT", "AX", "BA", "BE", "BG", "BY", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FO", "FR",
    "GB", "GG", "GI", "GR", "HR", "HU", "IE", "IM", "IS", "IT", "JE", "LI", "LT", "LU", "LV", "MC", "MD", "ME",
    "MK", "MT", "NL", "NO", "PL", "PT", "RO", "RS", "RU", "SE", "SI", "SJ", "SK", "SM", "TR", "UA", "VA")
])

/** Antarctica, Bouvet Island, Heard and McDonald Islands, the French Southern Territories, South Georgia, US outlying islands. */
const notServed: ReadonlySet<Country> = new Set(["AQ", "BV", "HM", "TF", "GS", "UM"] as const)
