/** What is converted: a price in US dollars. */
export const request = { from: { currencyCode: "USD", units: 19n, nanos: 990_000_000 }, toCode: "EUR" } as const

/** What one euro costs in the bundled table, in ten-thousandths of a dollar. */
const dollarsPerEuro = 11_225n

/**
 * The same in euros, by the shortest way that is right for this amount: no table, no checks. Rounds halves up, and this
 * one is none.
 */
export const convert = ({ from, toCode }: { readonly from: Money; readonly toCode: string }): Money => {
  const nanos = from.units * 1_000_000_000n + BigInt(from.nanos)
  const converted = (nanos * 10_000n * 2n + dollarsPerEuro) / (dollarsPerEuro * 2n)
  return { currencyCode: toCode, units: converted / 1_000_000_000n, nanos: Number(converted % 1_000_000_000n) }
}

interface Money {
  readonly currencyCode: string
  readonly units: bigint
  readonly nanos: number
}

export const response = convert(request)
