import { Data, Effect } from "effect"
import { spawn } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { connect } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import * as Ports from "../services/Ports.ts"
import * as Services from "../services/Redis.ts"
import * as Cores from "./Cores.ts"
import type * as Ipc from "./Ipc.ts"
import * as Process from "./Process.ts"

/** There is no redis-server to measure. */
export class NoRedis extends Data.TaggedError("NoRedis")<{}> {
  override readonly message = "redis-server is not installed (apt-get install redis-server, or brew install redis)"
}

/** Starts a Redis of this run alone, which writes every change to a file; answers where, and what it uses. */
export const start = Effect.fnUntraced(function* (cores: string | undefined, more: Options = {}) {
  const server = Services.path()
  if (server === undefined) return yield* new NoRedis()
  const port = yield* Ports.free(0, new Set())
  const { node } = yield* Effect.acquireRelease(
    Effect.sync(() => launch(server, port, cores, more)),
    ({ folder, node }) =>
      Effect.async<void>((resume) => {
        node.once("exit", () => resume(Effect.sync(() => rmSync(folder, { recursive: true, force: true }))))
        node.kill("SIGKILL")
      })
  )
  yield* Process.listening("redis", port)
  const process: Process.Process = {
    name: "redis",
    pid: node.pid ?? 0,
    ended: Effect.never,
    ask: (question) =>
      question === "usage" ? Effect.promise(() => usage(port)) : Effect.dieMessage("a Redis tells its usage only")
  }
  return { port, process }
})

/** As on its command line, without the dashes. */
type Options = Readonly<Record<string, string>>

const launch = (server: string, port: number, cores: string | undefined, more: Options) => {
  const folder = mkdtempSync(join(tmpdir(), "retro-bench-redis-"))
  const options = { port, bind: "127.0.0.1", dir: folder, appendonly: "yes", save: "", loglevel: "warning", ...more }
  const line = [server, ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)])]
  const [program = server, ...args] = Cores.pinned(cores, line)
  return { folder, node: spawn(program, args, { stdio: "ignore" }) }
}

/** From `INFO`: seconds of CPU and bytes. */
const usage = (port: number): Promise<Ipc.Usage> =>
  new Promise((resolve, reject) => {
    let text = ""
    const socket = connect(port, "127.0.0.1", () => socket.write("INFO cpu\r\nINFO memory\r\nQUIT\r\n"))
    const field = (name: string) => Number(new RegExp(`^${name}:([\\d.]+)`, "m").exec(text)?.[1])
    socket.on("data", (chunk) => (text += chunk.toString()))
    socket.once("error", reject)
    socket.once("end", () =>
      resolve({ cpu: (field("used_cpu_user") + field("used_cpu_sys")) * 1e6, rss: field("used_memory_rss"), waited: 0 })
    )
  })
