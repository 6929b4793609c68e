/** How alike two texts are, from 0 to 1: the share of three-letter pieces that they have in common (Dice's coefficient). */
export const similarity = (a: string, b: string): number => {
  const [left, right] = [pieces(a), pieces(b)]
  const common = [...left].filter((piece) => right.has(piece)).length
  return left.size + right.size === 0 ? 0 : (2 * common) / (left.size + right.size)
}

/** Every three letters in a row, the ends of the text counting as blanks; case does not matter. */
const pieces = (text: string): ReadonlySet<string> => {
  const padded = `  ${text.trim().toLowerCase()} `
  return new Set(Array.from({ length: padded.length - 2 }, (_, start) => padded.slice(start, start + 3)))
}
