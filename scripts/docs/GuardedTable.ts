import * as Guards from "./Guards.ts"

/** A table of sentences by number, each with the files of the tests whose names begin with that letter and number. */
export const make = (letter: string, heading: string, sentences: Readonly<Record<number, string>>): string => {
  const guards = Guards.all()
  const rows = Object.entries(sentences).map(([number, sentence]) => {
    const files = new Set(guards.flatMap(({ file, mark }) => (mark === `${letter}${number}` ? [file] : [])))
    return `| ${letter}${number} | ${sentence} | ${Array.from(files, link).join(" ")} |`
  })
  return `| | ${heading} | guarded in |
|---|---|---|
${rows.join("\n")}`
}

const link = (file: string): string => {
  const [, folder = "", name = ""] = /^(?:packages\/)?(\w+)\/test\/(.+)\.ts$/.exec(file) ?? []
  return `[${folder}/${name}](../${file})`
}
