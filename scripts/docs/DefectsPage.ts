import * as Defects from "./Defects.ts"
import * as GuardedTable from "./GuardedTable.ts"

/** docs/defects.md: each defect of the shop's forebears, and where a test guards against it. */
export const make = (): string => `# Defects of the forebears, and their tests

<!-- Written by \`npm run docs\`. Do not edit. -->

What shops of this kind got wrong before this one, by number. A test that guards against one begins its name with the
number; \`npx vitest run -t "\\bD4[,:]"\` runs those of one defect. \`npm test\` fails where a number has none.

${GuardedTable.make("D", "what went wrong", Defects.defects)}
`
