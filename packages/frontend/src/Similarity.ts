/** The three-letter pieces of a text. */
export type Pieces = ReadonlySet<string>

/** How alike two texts are, from 0 to 1: the share of three-letter pieces that they have in common (Dice's coefficient). */
export const similarity = (left: Pieces, right: Pieces): number => {
  let common = 0
  for (const piece of left) if (right.has(piece)) common++
  return left.size + right.size === 0 ? 0 : (2 * common) / (left.size + right.size)
}

/** Every three letters in a row, the ends of the text counting as blanks; case does not matter. */
export const pieces = (text: string): Pieces => {
  const padded = `  ${text.trim().toLowerCase()} `
  return new Set(Array.from({ length: padded.length - 2 }, (_, start) => padded.slice(start, start + 3)))
}
