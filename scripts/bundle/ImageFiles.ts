import { cpSync, mkdirSync, writeFileSync } from "node:fs"
import { bundle, type Bundled } from "./Bundle.ts"
import * as CodeCache from "./CodeCache.ts"
import * as Licences from "./Licences.ts"

/** What programs read beside their program, where they read it: beside `dist`. */
const data: { readonly [Name in Bundled]?: string } = { frontend: "static", productcatalogservice: "products.json" }

/**
 * Writes everything that the image holds into a folder: the bundle, the program's data, the licences of both, and of a
 * service what V8 compiled for its start.
 */
export const write = async (name: Bundled, folder: string): Promise<void> => {
  const inputs = await bundle([name])
  mkdirSync(folder, { recursive: true })
  cpSync(`packages/${name}/dist`, `${folder}/dist`, { recursive: true })
  copyData(name, folder)
  cpSync("LICENSE", `${folder}/LICENSE`)
  writeFileSync(`${folder}/THIRD-PARTY-LICENSES.txt`, Licences.of(inputs))
  if (name !== "purchase") await CodeCache.write(`${folder}/dist`)
}

/** Copies what a program reads beside its program to where a program in `dist` of that folder reads it. */
export const copyData = (name: Bundled, folder: string): void => {
  const beside = data[name]
  if (beside !== undefined) cpSync(`packages/${name}/${beside}`, `${folder}/${beside}`, { recursive: true })
}
