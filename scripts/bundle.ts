// Bundles tiers as their images run them: `npm run bundle -- cartservice frontend`, every tier without a name.
// With --image FOLDER, writes everything that the image of one holds there: a tier, or purchase, which buys from outside.
import { type Tier, tiers } from "@retro/process/Tiers"
import { parseArgs } from "node:util"
import { bundle, type Bundled } from "./bundle/Bundle.ts"
import * as ImageFiles from "./bundle/ImageFiles.ts"

const { positionals, values } = parseArgs({ allowPositionals: true, options: { image: { type: "string" } } })
const isBundled = (name: string): name is Bundled => name in tiers || name === "purchase"

const unknown = positionals.filter((name) => !isBundled(name))
if (unknown.length > 0) {
  console.error(`There is no ${unknown.join(", ")}. There are ${Object.keys(tiers).join(", ")}, purchase.`)
  process.exit(2)
}

const named = positionals.filter(isBundled)
const [only] = named
if (values.image === undefined) await bundle(named.length === 0 ? (Object.keys(tiers) as Array<Tier>) : named)
else if (only !== undefined && named.length === 1) await ImageFiles.write(only, values.image)
else {
  console.error("--image is of one program")
  process.exit(2)
}
