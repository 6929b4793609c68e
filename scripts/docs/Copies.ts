/** Lines of code that stand in two packages, in the same order. */
export interface Copy {
  readonly files: readonly [string, string]
  readonly lines: ReadonlyArray<string>
}

/** A file, and whose it is. */
export interface Source {
  readonly file: string
  readonly owner: string
  readonly text: string
}

/** Runs of `height` lines or more that two owners have alike: blank lines, comments, imports and lone punctuation do not count. */
export const find = (sources: ReadonlyArray<Source>, height: number): ReadonlyArray<Copy> => {
  const seen = new Map<string, Source>()
  const copies: Array<Copy> = []
  for (const source of sources) {
    const lines = codeOf(source.text)
    for (let from = 0; from + height <= lines.length; from++) {
      const run = lines.slice(from, from + height)
      const key = run.join("\n")
      const other = seen.get(key)
      if (other === undefined) seen.set(key, source)
      else if (other.owner !== source.owner) copies.push({ files: [other.file, source.file], lines: run })
    }
  }
  return copies
}

const codeOf = (text: string): ReadonlyArray<string> =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => /\w{2}/.test(line) && !/^(\/\/|\/\*|\*|import |export \* from)/.test(line))
