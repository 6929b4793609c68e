/** How fast a series grows: per minute, with half the width of the interval that holds the truth 19 times of 20. */
export interface Trend {
  readonly mean: number
  readonly slope: number
  readonly error: number
}

/**
 * The least-squares line through numbers that were taken at equal distances. Neighbours tell much the same of a process,
 * so the numbers are averaged in a dozen groups first, and it is those that count.
 */
export const of = (numbers: ReadonlyArray<number>, perMinute: number): Trend => {
  const points = grouped(numbers)
  const count = points.length
  const minutes = points.map((_, index) => ((index + 0.5) * numbers.length) / count / perMinute)
  const [middle, mean] = [average(minutes), average(points)]
  const spread = sum(minutes.map((minute) => (minute - middle) ** 2))
  const slope = sum(points.map((value, index) => (value - mean) * ((minutes[index] ?? 0) - middle))) / spread
  const left = points.map((value, index) => value - mean - slope * ((minutes[index] ?? 0) - middle))
  const error = studentT * Math.sqrt(sum(left.map((difference) => difference ** 2)) / (count - 2) / spread)
  return { mean, slope, error }
}

/** Whether it may well not grow more than that a minute. */
export const isFlat = ({ error, slope }: Trend, allowed: number): boolean => slope - error <= allowed

const groups = 12

/** Student's t at 97.5 % for ten degrees of freedom: two less than there are groups. */
const studentT = 2.228

const grouped = (numbers: ReadonlyArray<number>): ReadonlyArray<number> =>
  Array.from({ length: groups }, (_, group) =>
    average(
      numbers.slice(
        Math.floor((group * numbers.length) / groups),
        Math.max(Math.floor((group * numbers.length) / groups) + 1, Math.floor(((group + 1) * numbers.length) / groups))
      )
    )
  )

const sum = (numbers: ReadonlyArray<number>) => numbers.reduce((total, number) => total + number, 0)
const average = (numbers: ReadonlyArray<number>) => sum(numbers) / numbers.length
