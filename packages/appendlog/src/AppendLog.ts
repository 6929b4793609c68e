import { Data, Effect, Either, Schema, type Scope } from "effect"
import { Buffer } from "node:buffer"
import { type FileHandle, mkdir, open as openFile, readFile, rename, writeFile } from "node:fs/promises"
import { join } from "node:path"
import * as FolderLock from "./FolderLock.ts"
import { attempt, type LogUnusable } from "./LogUnusable.ts"

/** A file of records that only grows, of which this process is the only writer. */
export interface AppendLog<in R> {
  /** Puts records at the end, in the order of the calls. Not written for sure before {@link saved} succeeds. */
  readonly add: (...records: ReadonlyArray<R>) => void
  /**
   * Succeeds when everything added before is written. Calls at the same time share one write. What could not be written
   * is written by the next call that succeeds.
   */
  readonly saved: Effect.Effect<void, LogUnusable>
}

/** Writes nothing down: for what may be forgotten with the process. */
export const none: AppendLog<unknown> = { add: () => {}, saved: Effect.void }

/** A line of a file that is no record of this format and version: nothing was read or changed. Holds no value. */
export class LogUnreadable extends Data.TaggedError("LogUnreadable")<{
  readonly path: string
  readonly line: number
}> {
  override get message() {
    return `${this.path} cannot be read: line ${this.line} is not of this format and version`
  }
}

/** What keeps a log from being opened. */
export type OpenError = FolderLock.FolderLocked | LogUnreadable | LogUnusable

/** What a log is, where it is, and how it begins anew. */
export interface Definition<R> {
  readonly folder: string
  /** The file is `<name>.jsonl`: on its first line name and version, then one record a line, in JSON. */
  readonly name: string
  /** Grows when older programs cannot read what newer ones write. */
  readonly version: number
  readonly record: Schema.Schema<R>
  /** Whether to wait for the disk (`fdatasync`): without, a power cut may take the last seconds, a kill nothing. */
  readonly sync: boolean
  /** Takes in the records that are there and answers what stands there from now on: the same in fewer records. */
  readonly compact: (records: ReadonlyArray<R>) => Iterable<R>
}

/**
 * Opens a log, alone, until the scope closes. A last line without its end was never answered for and is ignored; any
 * other line that cannot be read is an error, and the file stays as it is.
 */
export const open: <R>(definition: Definition<R>) => Effect.Effect<AppendLog<R>, OpenError, Scope.Scope> =
  Effect.fnUntraced(function* <R>(definition: Definition<R>) {
    const { folder, name } = definition
    const path = join(folder, `${name}.jsonl`)
    yield* attempt(folder, () => mkdir(folder, { recursive: true, mode: 0o700 }))
    yield* FolderLock.acquire(folder, name)
    const records = yield* readRecords(path, definition)
    const handle = yield* writeAnew(folder, path, definition, definition.compact(records))
    const { size } = yield* attempt(path, () => handle.stat())
    return appendTo(path, handle, size, definition.sync)
  })

const headerOf = ({ name, version }: { readonly name: string; readonly version: number }): string =>
  JSON.stringify({ log: name, version })

const readRecords = Effect.fnUntraced(function* <R>(path: string, definition: Definition<R>) {
  const bytes = yield* attempt(path, () => readFile(path)).pipe(
    Effect.catchIf(isAbsence, () => Effect.succeed(Buffer.alloc(0)))
  )
  const decode = Schema.decodeUnknownEither(Schema.parseJson(definition.record))
  const [header, ...texts] = linesOf(bytes)
  if (bytes.length > 0 && header !== headerOf(definition)) return yield* new LogUnreadable({ path, line: 1 })
  if (bytes.length > 0 && bytes.at(-1) !== newline)
    yield* Effect.logWarning(`${path}: its last line has no end, ignored`)
  const records: Array<R> = []
  for (const [index, text] of texts.entries()) {
    const record = decode(text)
    if (Either.isLeft(record)) return yield* new LogUnreadable({ path, line: index + 2 })
    records.push(record.right)
  }
  return records
})

const isAbsence = ({ code }: LogUnusable) => code === "ENOENT"

const newline = 10

/** The lines that have their end. */
function* linesOf(bytes: Buffer) {
  let from = 0
  for (let to = bytes.indexOf(newline); to >= 0; to = bytes.indexOf(newline, from)) {
    yield bytes.toString("utf8", from, to)
    from = to + 1
  }
}

/** Replaces the file as a whole, or not at all; answers the handle of the new one. */
const writeAnew = Effect.fnUntraced(function* <R>(
  folder: string,
  path: string,
  definition: Definition<R>,
  records: Iterable<R>
) {
  const fresh = `${path}.new`
  const handle = yield* Effect.acquireRelease(
    attempt(fresh, () => openFile(fresh, "w", 0o600)),
    (handle) => Effect.promise(() => handle.close())
  )
  yield* attempt(fresh, () => writeFile(handle, chunks(headerOf(definition), records)))
  yield* attempt(fresh, () => handle.datasync())
  yield* attempt(path, () => rename(fresh, path))
  yield* Effect.acquireUseRelease(
    attempt(folder, () => openFile(folder, "r")),
    (directory) => attempt(folder, () => directory.sync()),
    (directory) => Effect.promise(() => directory.close())
  )
  return handle
})

function* chunks<R>(header: string, records: Iterable<R>) {
  let chunk = `${header}\n`
  for (const record of records) {
    chunk += `${JSON.stringify(record)}\n`
    if (chunk.length < 65_536) continue
    yield chunk
    chunk = ""
  }
  yield chunk
}

const appendTo = <R>(path: string, handle: FileHandle, size: number, sync: boolean): AppendLog<R> => {
  let end = size
  let waiting: Array<string> = []
  const count = { added: 0, written: 0 }
  const write = () => {
    next = undefined
    const lines = waiting.length
    const bytes = Buffer.from(waiting.join(""))
    // At the end of what was saved: what an earlier write left behind it when it failed is written over.
    return writeAll(handle, bytes, end, sync && lines > 0).then(() => {
      end += bytes.length
      count.written += lines
      waiting = waiting.slice(lines)
    })
  }
  /** The write that begins when the last one is over, and takes all that was added by then; everybody waits for the same. */
  let next: Promise<void> | undefined
  let last = Promise.resolve()
  const nextWrite = () => {
    next ??= last = last.then(write, write)
    return next
  }
  return {
    add: (...records) => {
      for (const record of records) waiting.push(`${JSON.stringify(record)}\n`)
      count.added += records.length
    },
    saved: Effect.suspend(() => (count.written < count.added ? attempt(path, nextWrite) : Effect.void))
  }
}

/** Node may write less than it was given. */
const writeAll = (handle: FileHandle, bytes: Uint8Array, at: number, sync: boolean): Promise<void> =>
  handle.write(bytes, 0, bytes.length, at).then(({ bytesWritten }) => {
    if (bytesWritten < bytes.length) return writeAll(handle, bytes.subarray(bytesWritten), at + bytesWritten, sync)
    return sync ? handle.datasync() : undefined
  })
