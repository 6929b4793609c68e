import { readFileSync } from "node:fs"
import { root } from "./Bundle.ts"

/** What `npm start` tells node of the shop in one process: it is measured as it is started, and so is what it is compared with. */
export const ofStart: ReadonlyArray<string> =
  /"start": "node ((?:--\S+ )*)/
    .exec(readFileSync(`${root}/package.json`, "utf8"))?.[1]
    ?.split(" ")
    .filter((flag) => flag !== "") ?? []
