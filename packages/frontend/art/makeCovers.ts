/**
 * Draws the box art: `static/covers/<id>.svg` for every product, from the pixel map `art/covers/<id>.txt`, and the same
 * box at the platform, `static/social/<id>.png`, for sites that show links as pictures and read no SVG.
 *
 * A map is a header, a line `---`, and 40 rows of 36 characters, one per pixel:
 *
 *     title: DEEP / KETTLE     one line or two, in the letters of pixelFont.ts
 *     band: #06222e #ffc88a    the title band: its ground, its letters
 *     c = #c8683a copper       the palette: a character, its colour, what it is for
 *
 * Around the picture go the spine of the product's platform and the title band, at the end of the box where that
 * platform has it. With `--check` nothing is written: pictures that differ from their maps are named, and the exit is 1.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { pixels } from "./pixelFont.ts"
import { shown, toPng } from "./png.ts"

const maps = new URL("covers/", import.meta.url)
const pictures = new URL("../static/", import.meta.url)
const catalogue = new URL("../../productcatalogservice/products.json", import.meta.url)

const picture = { width: 36, height: 40 }
const spineWidth = 4
const bandHeight = 14

/** What a platform's boxes share: the spine, its shaded edge, stripes in some rows, and the end with the title. */
type Platform = { face: string; edge: string; stripe: string; rows: ReadonlyArray<number>; end: "top" | "bottom" }
const platforms: Record<string, Platform> = {
  "Palomino 8": { face: "#b5651d", edge: "#6e3a0c", stripe: "#ffe2a6", rows: [3, 5, 7], end: "top" },
  "Molnár M-7": { face: "#1f1f24", edge: "#000000", stripe: "#ff3d6e", rows: [3, 4, 49, 50], end: "top" },
  "Brightwell Scholar": { face: "#e9dfc3", edge: "#a4946a", stripe: "#2f6db3", rows: [44, 46, 48, 50], end: "bottom" },
  "Mikado Twin": { face: "#c8102e", edge: "#7c0a1c", stripe: "#ffffff", rows: [3, 4, 6, 7], end: "top" },
  "Okapi 16": { face: "#4b2e83", edge: "#2a1752", stripe: "#f2efe4", rows: [43, 45, 47, 49, 51], end: "bottom" },
  "Little Wren": { face: "#8fae3c", edge: "#4f6a17", stripe: "#24340a", rows: [3, 5], end: "top" },
  Auriga: { face: "#123a7a", edge: "#081d42", stripe: "#f4c430", rows: [2, 10], end: "top" },
  "Meridian Disc": { face: "#c9ced6", edge: "#7d8591", stripe: "#00a39a", rows: [40, 41, 42, 51], end: "bottom" }
}

/** A map with its rows in colours. What is malformed is named by file and line. */
const readMap = (file: string) => {
  const lines = readFileSync(new URL(file, maps), "utf8").trimEnd().split("\n")
  const fail = (line: number, problem: string): never => {
    throw new Error(`${file}:${line + 1}: ${problem}`)
  }
  const start = lines.indexOf("---") + 1
  if (start === 0) fail(lines.length - 1, 'no line "---" between the palette and the rows')
  const palette = new Map<string, string>()
  let [title, ground, ink] = [[""], "", ""]
  for (const [n, line] of lines.slice(0, start - 1).entries()) {
    const [, character, colour] = /^(\S) = (#[0-9a-f]{6})(?: |$)/.exec(line) ?? []
    const band = /^band: (#[0-9a-f]{6}) (#[0-9a-f]{6})$/.exec(line)
    if (character !== undefined && colour !== undefined) palette.set(character, colour)
    else if (band) [, ground = "", ink = ""] = band
    else if (line.startsWith("title: ")) title = line.slice(7).split(" / ")
    else fail(n, `neither "title:" nor "band:" nor a colour "c = #rrggbb": ${line}`)
  }
  if (title[0] === "" || title.length > 2 || ground === "") fail(0, "needs a title of one line or two, and a band")
  if (title.some((line) => pixels(line) === undefined)) fail(0, "the font lacks a letter of the title")
  const rows = lines.slice(start).map((line, y) => {
    const wrong = (problem: string) => fail(start + y, `row ${y + 1} ${problem}`)
    if (line.length !== picture.width) wrong(`is ${line.length} characters wide, not ${picture.width}`)
    return Array.from(line, (character) => palette.get(character) ?? wrong(`has a "${character}" without a colour`))
  })
  if (rows.length !== picture.height) fail(lines.length - 1, `${rows.length} rows, not ${picture.height}`)
  return { file, title, ground, ink, rows }
}

/** The whole box as rows of colours: the spine, the picture, and the title in its band. */
const drawBox = ({ file, title, ground, ink, rows }: ReturnType<typeof readMap>, name: string) => {
  const platform = platforms[name]
  if (platform === undefined) throw new Error(`${file}: no spine for the platform "${name}"`)
  const onTop = platform.end === "top"
  const band = Array.from({ length: bandHeight }, () => Array.from({ length: picture.width }, () => ground))
  band[onTop ? bandHeight - 1 : 0]?.fill(ink)
  for (const [n, line] of title.entries())
    for (const [y, dots] of (pixels(line) ?? []).entries()) {
      const left = Math.floor((picture.width - dots.length) / 2)
      if (left < 1) throw new Error(`${file}: "${line}" is too wide, ${dots.length} pixels of ${picture.width - 2}`)
      const row = band[y + (onTop ? 0 : 1) + (title.length === 1 ? 4 : 1 + 6 * n)]
      for (const [x, dot] of Array.from(dots).entries()) if (dot === "#") row?.splice(left + x, 1, ink)
    }
  return (onTop ? [...band, ...rows] : [...rows, ...band]).map((row, y) => {
    const face = platform.rows.includes(y) ? platform.stripe : platform.face
    return [...Array.from({ length: spineWidth - 1 }, () => face), platform.edge, ...row]
  })
}

/** The box on the night sky above a platform's edge: 120 × 63 pixels, ten times of which is what social sites ask for. */
const onPlatform = (box: ReadonlyArray<ReadonlyArray<string>>) =>
  Array.from({ length: 63 }, (_, y) =>
    Array.from({ length: 120 }, (_, x) => {
      const edge = y === 60 && x % 3 === 0 ? "#c9861a" : y >= 59 && y < 62 ? "#ffc145" : "#16142f"
      return box[y - 3]?.[x - 40] ?? edge
    })
  )

/** Paints the commonest colour first, so that a run may go on below what later colours cover; equal runs merge down. */
const toSvg = (box: ReadonlyArray<ReadonlyArray<string>>) => {
  const counts = new Map<string, number>()
  for (const colour of box.flat()) counts.set(colour, (counts.get(colour) ?? 0) + 1)
  const colours = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([colour]) => colour)
  const ranks = box.map((row) => row.map((colour) => colours.indexOf(colour)))
  const paths = colours.map((colour, rank) => {
    const runs = new Map<string, { x: number; y: number; width: number; height: number }>()
    for (const [y, row] of ranks.entries())
      for (let x = row.indexOf(rank); x >= 0;) {
        const covered = row.findIndex((other, i) => i > x && other < rank)
        const end = row.lastIndexOf(rank, covered < 0 ? row.length : covered)
        const run = runs.get(`${x} ${end} ${y}`) ?? { x, y, width: end - x + 1, height: 0 }
        runs.delete(`${x} ${end} ${y}`)
        runs.set(`${x} ${end} ${y + 1}`, { ...run, height: run.height + 1 })
        x = row.indexOf(rank, end + 1)
      }
    const steps = [...runs.values()].map(({ x, y, width, height }) => `M${x} ${y}h${width}v${height}h-${width}`)
    return `<path fill="${colour}" d="${steps.join("")}"/>`
  })
  const size = `width="320" height="432" viewBox="0 0 ${spineWidth + picture.width} ${bandHeight + picture.height}"`
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} shape-rendering="crispEdges">${paths.join("")}</svg>\n`
}

type Catalogue = { products: ReadonlyArray<{ id: string; platform: string }> }
const { products } = JSON.parse(readFileSync(catalogue, "utf8")) as Catalogue
const drawn = new Map<string, Buffer>(
  products.flatMap(({ id, platform }) => {
    const box = drawBox(readMap(`${id}.txt`), platform)
    return [
      [`covers/${id}.svg`, Buffer.from(toSvg(box))],
      [`social/${id}.png`, toPng(onPlatform(box), 10)]
    ] as const
  })
)
const isStale = (file: string) => {
  const [wanted, path] = [drawn.get(file), new URL(file, pictures)]
  if (wanted === undefined || !existsSync(path)) return true
  const found = readFileSync(path)
  return file.endsWith(".png") ? !shown(found).equals(shown(wanted)) : !found.equals(wanted)
}
if (process.argv.includes("--check")) {
  const found = ["covers", "social"].flatMap((folder) =>
    readdirSync(new URL(`${folder}/`, pictures)).map((name) => `${folder}/${name}`)
  )
  const stale = [...new Set([...found, ...drawn.keys()])].filter(isStale)
  for (const file of stale) console.error(`static/${file} is not what the maps give: npm run covers`)
  process.exitCode = stale.length > 0 ? 1 : 0
} else for (const [file, picture] of drawn) writeFileSync(new URL(file, pictures), picture)
