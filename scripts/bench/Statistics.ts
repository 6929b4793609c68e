/** The value below which that part of the numbers lies, between the two nearest where it falls between them. */
export const quantile = (numbers: ReadonlyArray<number>, part: number): number => {
  const sorted = [...numbers].sort((a, b) => a - b)
  const place = (sorted.length - 1) * part
  const [below = NaN, above = below] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]]
  return below + (above - below) * (place - Math.floor(place))
}

export const median = (numbers: ReadonlyArray<number>): number => quantile(numbers, 0.5)

/** How far apart the middle half of the numbers is, in parts of the median. */
export const spread = (numbers: ReadonlyArray<number>): number =>
  (quantile(numbers, 0.75) - quantile(numbers, 0.25)) / median(numbers)
