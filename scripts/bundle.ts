// Bundles tiers as their images run them: `npm run bundle -- cartservice frontend`, every tier without a name.
// With --image FOLDER, writes everything that the image of one tier holds there.
import { type Tier, tiers } from "@retro/process/Tiers"
import { parseArgs } from "node:util"
import { bundle } from "./bundle/Bundle.ts"
import * as ImageFiles from "./bundle/ImageFiles.ts"

const { positionals, values } = parseArgs({ allowPositionals: true, options: { image: { type: "string" } } })
const isTier = (name: string): name is Tier => name in tiers

const unknown = positionals.filter((name) => !isTier(name))
if (unknown.length > 0) {
  console.error(`There is no ${unknown.join(", ")}. There are ${Object.keys(tiers).join(", ")}.`)
  process.exit(2)
}

const named = positionals.filter(isTier)
const [tier] = named
if (values.image === undefined) await bundle(named.length === 0 ? (Object.keys(tiers) as Array<Tier>) : named)
else if (tier !== undefined && named.length === 1) await ImageFiles.write(tier, values.image)
else {
  console.error("--image is of one tier")
  process.exit(2)
}
