import { readFile } from "node:fs/promises"
import { Effect } from "effect"

/** An error of a contract, as docs/typed-errors.md explains it. */
export interface TypedError {
  readonly tag: string
  /** Where it is declared, from the root of the repository. */
  readonly file: string
  readonly means: string
  readonly raisedBy: string
  readonly grpc: string
  readonly http: string
}

/** From here, and from the bundle that stands in for it, the repository's page about errors. */
const page = new URL("../../../docs/typed-errors.md", import.meta.url)

/** The errors that services answer with, by tag; none where this does not run in the repository. */
export const read: Effect.Effect<ReadonlyMap<string, TypedError>> = Effect.tryPromise(() =>
  readFile(page, "utf8")
).pipe(
  Effect.orElseSucceed(() => ""),
  Effect.map((text) => new Map(text.split("\n").flatMap(rowOf)))
)

const row = /^\| \[(\w+)\]\(\.\.\/(\S+)\) +\| (.+?) +\| (.+?) +\| (.+?) +\| .*? *\| (\d+) +\|$/

const rowOf = (line: string): ReadonlyArray<readonly [string, TypedError]> => {
  const [, tag, file = "", means = "", raisedBy = "", grpc = "", http = ""] = row.exec(line) ?? []
  const plain = (markdown: string) => markdown.replaceAll("`", "")
  return tag === undefined
    ? []
    : [[tag, { tag, file, means: plain(means), raisedBy: plain(raisedBy), grpc: plain(grpc), http }]]
}
