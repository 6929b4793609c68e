import { Data, Effect, type Scope } from "effect"
import { randomBytes } from "node:crypto"
import { readdir, rm } from "node:fs/promises"
import { connect, createServer, type Server } from "node:net"
import { join } from "node:path"
import { attempt, type LogUnusable } from "./LogUnusable.ts"

/** Another process has it. */
export class FolderLocked extends Data.TaggedError("FolderLocked")<{
  readonly folder: string
  readonly name: string
}> {
  override get message() {
    return `${this.name} in ${this.folder} is in use by another process`
  }
}

/**
 * Holds the name in the folder until the scope closes or the process ends, however it ends; one that is only suspended
 * holds it still. Two processes that ask at the same moment may both be refused, and never both have it.
 *
 * The lock is a Unix socket that somebody listens at: the kernel knows who is alive, also across containers that share
 * the folder. Each process listens at a socket of its own before it looks for others, so of two the later one sees the
 * earlier. Sockets of the dead are removed.
 */
export const acquire: (folder: string, name: string) => Effect.Effect<void, FolderLocked | LogUnusable, Scope.Scope> =
  Effect.fnUntraced(function* (folder, name) {
    const own = `${name}.${randomBytes(4).toString("hex")}.lock`
    yield* Effect.acquireRelease(attempt(folder, listen(join(folder, own))), close)
    const others = (yield* attempt(folder, () => readdir(folder))).filter(
      (file) => file.startsWith(`${name}.`) && file.endsWith(".lock") && file !== own
    )
    for (const path of others.map((file) => join(folder, file))) {
      if (yield* isHeld(path)) return yield* new FolderLocked({ folder, name })
      yield* attempt(folder, () => rm(path, { force: true }))
    }
  })

const listen = (path: string) => () =>
  new Promise<Server>((resolve, reject) => {
    const server = createServer((visitor) => visitor.destroy())
    server.once("error", reject)
    server.listen(path, () => resolve(server.unref()))
  })

const close = (server: Server) => Effect.async<void>((resume) => void server.close(() => resume(Effect.void)))

/** Whether somebody listens there. In doubt, somebody does. */
const isHeld = (path: string) =>
  Effect.async<boolean>((resume) => {
    const visit = connect(path)
    const answer = (held: boolean) => {
      visit.destroy()
      resume(Effect.succeed(held))
    }
    visit.once("connect", () => answer(true))
    visit.once("error", (error) =>
      answer(!("code" in error && (error.code === "ECONNREFUSED" || error.code === "ENOENT")))
    )
  })
