import * as CheckoutRules from "./CheckoutRules.ts"
import * as GuardedTable from "./GuardedTable.ts"

/** docs/checkout-rules.md: each rule of checkout, and where a test holds the shop to it. */
export const make = (): string => `# The rules of checkout, and their tests

<!-- Written by \`npm run docs\`. Do not edit. -->

What an order keeps to, whatever fails meanwhile. A test of a rule begins its name with the rule's number;
\`npx vitest run -t "\\bR4[,:]"\` runs those of one rule. \`npm test\` fails where a rule has none. Beside these the
[simulation](../packages/station/test/Simulation.test.ts) of the whole shop lets orders run into crashes and silence in every
order that its seeds lead to, and has to catch the [mistakes](../packages/station/test/SimulationMutants.test.ts) that break a rule.

${GuardedTable.make("R", "rule", CheckoutRules.rules)}
`
