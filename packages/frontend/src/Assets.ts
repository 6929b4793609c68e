import { createHash } from "node:crypto"
import { readdirSync, readFileSync } from "node:fs"
import { extname, relative } from "node:path"
import { fileURLToPath } from "node:url"
import { brotliCompressSync, constants, gzipSync } from "node:zlib"
import * as Lazy from "@retro/domain/Lazy"
import { Context, Effect, Layer } from "effect"
import { accepts } from "./Encoding.ts"
import type { Request } from "./Request.ts"
import * as Revalidation from "./Revalidation.ts"
import type { Response } from "./Response.ts"

/** The files under static/, all of them in memory; each is compressed once, for the first who asks for it. */
export class Assets extends Context.Tag("@retro/frontend/Assets")<
  Assets,
  {
    /** The address of a file by its path under static/; a hash of its content is in it, so that it may be kept for ever. */
    readonly address: (name: string) => string
    /** The answer to a request for a file, or undefined where its path names none. */
    readonly find: (request: Request) => Response | undefined
  }
>() {
  static readonly layer = Layer.effect(
    Assets,
    Effect.sync(() => make(readAll(fileURLToPath(directory))))
  )
}

const directory = new URL("../static/", import.meta.url)

interface File {
  readonly name: string
  readonly content: Buffer
}

/**
 * Dies when the files cannot be read: they are part of the program. One after the other, since nobody is served yet whom
 * that would keep waiting: 84 small files cost less than their turns in node's threads.
 */
const readAll = (root: string): ReadonlyArray<File> =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`)
    .map((path) => ({ name: relative(root, path), content: readFileSync(path) }))

const make = (files: ReadonlyArray<File>): typeof Assets.Service => {
  const addresses = new Map<string, string>()
  const served = new Map<string, (request: Request) => Response>()
  const add = (name: string, content: Buffer) => {
    const hash = createHash("sha256").update(content).digest("hex").slice(0, 10)
    const extension = extname(name)
    const address = `/static/${name.slice(0, name.length - extension.length)}.${hash}${extension}`
    const variants = variantsOf(content, extension)
    addresses.set(name, address)
    served.set(address, answer(variants, extension, hash, "public, max-age=31536000, immutable"))
    served.set(`/static/${name}`, answer(variants, extension, hash, "public, no-cache"))
  }
  const isSheet = ({ name }: File) => name.endsWith(".css")
  for (const { content, name } of files) if (!isSheet({ content, name })) add(name, content)
  for (const { content, name } of files) if (isSheet({ content, name })) add(name, withAddresses(content, addresses))
  return {
    address: (name) => addresses.get(name) ?? `/static/${name}`,
    find: (request) => served.get(request.path)?.(request)
  }
}

/** A style sheet whose `url(…)` name the files beside it by their hashed addresses. */
const withAddresses = (sheet: Buffer, addresses: ReadonlyMap<string, string>): Buffer =>
  Buffer.from(
    sheet.toString().replace(/url\((["']?)(?:\/static\/|\.\/)?([\w./-]+)\1\)/g, (all, _quote, name: string) => {
      const address = addresses.get(name)
      return address === undefined ? all : `url("${address}")`
    })
  )

const contentTypes: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
  ".txt": "text/plain; charset=utf-8"
}

interface Variants {
  readonly identity: () => Buffer
  readonly br?: () => Buffer
  readonly gzip?: () => Buffer
}

/** A file as it can be sent; pictures and fonts that are compressed already are left as they are. */
const variantsOf = (content: Buffer, extension: string): Variants =>
  extension === ".woff2" || extension === ".png"
    ? { identity: () => content }
    : {
        identity: () => content,
        // Quality 5 takes 0.2 ms a file, the best one 5 ms for a tenth less.
        br: Lazy.make(() => brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } })),
        gzip: Lazy.make(() => gzipSync(content))
      }

const answer = (variants: Variants, extension: string, hash: string, cacheControl: string) => {
  const headers = {
    "content-type": contentTypes[extension] ?? "application/octet-stream",
    "cache-control": cacheControl,
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "cross-origin-resource-policy": "same-origin",
    vary: "accept-encoding"
  }
  return (request: Request): Response => {
    const encoding = choose(variants, request.headers["accept-encoding"])
    const etag = `"${hash}-${encoding}"`
    if (Revalidation.holds(request, etag)) return { status: 304, headers: { ...headers, etag }, body: "" }
    const encoded = encoding === "identity" ? {} : { "content-encoding": encoding }
    return { status: 200, headers: { ...headers, ...encoded, etag }, body: (variants[encoding] ?? variants.identity)() }
  }
}

/** The smallest variant that the client can read. */
const choose = (variants: Variants, accepted: string | ReadonlyArray<string> | undefined): keyof Variants => {
  const has = (name: "br" | "gzip") => variants[name] !== undefined && accepts(accepted, name)
  return has("br") ? "br" : has("gzip") ? "gzip" : "identity"
}
