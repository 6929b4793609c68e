import { Data, Effect } from "effect"

/** The machine refuses a file or folder. */
export class LogUnusable extends Data.TaggedError("LogUnusable")<{
  readonly path: string
  /** The machine's name for why: `EACCES`, `ENOSPC`… */
  readonly code: string
}> {
  override get message() {
    return `${this.path} cannot be used: ${this.code}`
  }
}

/** Something done with files, whose refusal names the path. */
export const attempt = <A>(path: string, use: () => Promise<A>): Effect.Effect<A, LogUnusable> =>
  Effect.tryPromise({
    try: use,
    catch: (error) =>
      new LogUnusable({ path, code: error instanceof Error && "code" in error ? String(error.code) : "unknown" })
  })
