import type { Tier } from "@retro/process/Tiers"
import { cpSync, mkdirSync, writeFileSync } from "node:fs"
import { bundle } from "./Bundle.ts"
import * as Licences from "./Licences.ts"

/** What tiers read beside their program, where they read it: beside `dist`. */
const data: { readonly [T in Tier]?: string } = { frontend: "static", productcatalogservice: "products.json" }

/** Writes everything that the image of a tier holds into a folder: the bundle, the tier's data, and the licences of both. */
export const write = async (tier: Tier, folder: string): Promise<void> => {
  const inputs = await bundle([tier])
  mkdirSync(folder, { recursive: true })
  cpSync(`packages/${tier}/dist/main.mjs`, `${folder}/dist/main.mjs`)
  copyData(tier, folder)
  cpSync("LICENSE", `${folder}/LICENSE`)
  writeFileSync(`${folder}/THIRD-PARTY-LICENSES.txt`, Licences.of(inputs))
}

/** Copies what a tier reads beside its program to where a program in `dist` of that folder reads it. */
export const copyData = (tier: Tier, folder: string): void => {
  const beside = data[tier]
  if (beside !== undefined) cpSync(`packages/${tier}/${beside}`, `${folder}/${beside}`, { recursive: true })
}
