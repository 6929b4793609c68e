import * as Defects from "./Defects.ts"

/** docs/defects.md: each defect of the shop's forebears, and where a test guards against it. */
export const make = (): string => {
  const guards = Defects.guards()
  const rows = Object.entries(Defects.defects).map(([number, sentence]) => {
    const files = new Set(guards.flatMap(({ defect, file }) => (defect === Number(number) ? [file] : [])))
    return `| D${number} | ${sentence} | ${Array.from(files, link).join(" ")} |`
  })
  return `# Defects of the forebears, and their tests

<!-- Written by \`npm run docs\`. Do not edit. -->

What shops of this kind got wrong before this one, by number. A test that guards against one begins its name with the
number; \`npx vitest run -t "D4:"\` runs those of one defect. \`npm test\` fails where a number has none.

| | what went wrong | guarded in |
|---|---|---|
${rows.join("\n")}
`
}

const link = (file: string): string => {
  const [, folder = "", name = ""] = /^(?:packages\/)?(\w+)\/test\/(.+)\.ts$/.exec(file) ?? []
  return `[${folder}/${name}](../${file})`
}
