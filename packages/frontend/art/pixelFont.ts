/** The letters of the box art, side by side: five rows high, one to five pixels wide. */
const glyphs = `
A   B   C   D   E   F   G   H   I J   K   L   M     N    O   P   Q    R   S   &    ' - Ō
.#. ##. .## ##. ### ### .## #.# # ..# #.# #.. #...# #..# .#. ##. .#.. ##. .## .#.. # .. ###
#.# #.# #.. #.# #.. #.. #.. #.# # ..# #.# #.. ##.## ##.# #.# #.# #.#. #.# #.. #.#. # .. ...
### ##. #.. #.# ##. ##. #.# ### # ..# ##. #.. #.#.# #.## #.# ##. #.#. ##. .#. .#.. . ## ###
#.# #.# #.. #.# #.. #.. #.# #.# # #.# #.# #.. #...# #..# #.# #.. #.#. #.# ..# #.## . .. #.#
#.# ##. .## ##. ### #.. .## #.# # .#. #.# ### #...# #..# .#. #.. .#.# #.# ##. .#.# . .. ###
T   U   V   W     X   Y   Z   0   1  2   3   4   5   6   7   8   9
### #.# #.# #...# #.# #.# ### .#. .# ##. ##. #.# ### .#. ### .#. .#.
.#. #.# #.# #...# #.# #.# ..# #.# ## ..# ..# #.# #.. #.. ..# #.# #.#
.#. #.# #.# #.#.# .#. .#. .#. #.# .# .#. .#. ### ##. ##. .#. .#. .##
.#. #.# #.# ##.## #.# .#. #.. #.# .# #.. ..# ..# ..# #.# .#. #.# ..#
.#. ### .#. #...# #.# .#. ### .#. .# ### ##. ..# ##. .#. .#. .#. .#.`

const font = new Map([[" ", Array.from("     ", () => "..")]])
for (const block of glyphs.trim().split(/\n(?=\w )/)) {
  const [letters = [], ...rows] = block.split("\n").map((row) => row.split(/ +/))
  for (const [column, letter] of letters.entries())
    font.set(
      letter,
      Array.from(rows, (row) => row[column] ?? "")
    )
}

/** A line of text as five rows of `#` and `.`, or nothing when the font lacks one of its letters. */
export const pixels = (line: string): ReadonlyArray<string> | undefined => {
  const letters = Array.from(line, (letter) => font.get(letter) ?? [])
  if (letters.some((rows) => rows.length === 0)) return undefined
  return [0, 1, 2, 3, 4].map((y) => letters.map((rows) => rows[y]).join("."))
}
