import { crc32, deflateSync, inflateSync } from "node:zlib"

/** A picture of palette colours as a PNG (W3C PNG, third edition), each of its pixels a square of `scale` × `scale`. */
export const toPng = (rows: ReadonlyArray<ReadonlyArray<string>>, scale: number): Buffer => {
  const colours = [...new Set(rows.flat())].sort()
  const index = new Map(colours.map((colour, n) => [colour, n]))
  const header = Buffer.alloc(13)
  header.writeUInt32BE((rows[0]?.length ?? 0) * scale, 0)
  header.writeUInt32BE(rows.length * scale, 4)
  // Eight bits a pixel, each the number of a colour.
  header.set([8, 3], 8)
  const palette = Buffer.from(colours.map((colour) => colour.slice(1)).join(""), "hex")
  const lines = rows.flatMap((row) => {
    const line = row.flatMap((colour) => Array.from({ length: scale }, () => index.get(colour) ?? 0))
    return Array.from({ length: scale }, () => Buffer.from([0, ...line]))
  })
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", header),
    chunk("PLTE", palette),
    chunk("IDAT", deflateSync(Buffer.concat(lines), { level: 9 })),
    chunk("IEND", Buffer.alloc(0))
  ])
}

/** What a PNG of {@link toPng} shows, however it was compressed: not every zlib makes the same bytes. */
export const shown = (png: Buffer): Buffer => {
  const at = png.indexOf("IDAT")
  if (at < 0) return Buffer.alloc(0)
  return Buffer.concat([png.subarray(0, at - 4), inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)))])
}

const chunk = (name: string, data: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(name, "latin1"), data])
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}
