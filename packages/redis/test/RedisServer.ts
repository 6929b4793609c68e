import { type ConfigError, ConfigProvider, Effect, Layer, Schedule, type Scope } from "effect"
import { Redis as Client } from "ioredis"
import { type ChildProcess, spawn, spawnSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { layerConfig, type Redis } from "../src/Redis.ts"

/** Whether redis-server is there; says how to get it where it is not. */
export const installed = spawnSync("redis-server", ["--version"]).status === 0
if (!installed) console.warn("The Redis tests are skipped: install redis-server (apt-get install redis-server).")

/** A redis-server of its own, on a free port, that can be killed and started again over the same data. */
export interface RedisServer {
  readonly address: string
  readonly port: number
  readonly start: Effect.Effect<void>
  /** SIGKILL: no last words, nothing flushed. */
  readonly kill: Effect.Effect<void>
  /** SIGSTOP: the connection stays, the answers stay away. */
  readonly freeze: Effect.Effect<void>
  readonly thaw: Effect.Effect<void>
}

/** Starts one with these options beside the port and the folder; killed when the scope closes. */
export const make = (...options: ReadonlyArray<string>): Effect.Effect<RedisServer, never, Scope.Scope> =>
  Effect.gen(function* () {
    const folder = yield* temporaryFolder
    const port = yield* freePort
    const running: { process?: ChildProcess } = {}
    const start = spawned(["--port", String(port), "--dir", folder, "--bind", "127.0.0.1", ...options]).pipe(
      Effect.map((process) => void (running.process = process))
    )
    const signal = (name: NodeJS.Signals) => Effect.sync(() => void running.process?.kill(name))
    const kill = Effect.suspend(() => (running.process === undefined ? Effect.void : killed(running.process)))
    yield* Effect.acquireRelease(start, () => kill)
    return { address: `127.0.0.1:${port}`, port, start, kill, freeze: signal("SIGSTOP"), thaw: signal("SIGCONT") }
  })

/** A Sentinel that watches the master on that port under this name. */
export const sentinel = (master: string, masterPort: number): Effect.Effect<{ port: number }, never, Scope.Scope> =>
  Effect.gen(function* () {
    const folder = yield* temporaryFolder
    const port = yield* freePort
    const file = join(folder, "sentinel.conf")
    writeFileSync(file, `port ${port}\nsentinel monitor ${master} 127.0.0.1 ${masterPort} 1\n`)
    yield* Effect.acquireRelease(spawned([file, "--sentinel"]), killed)
    return { port }
  })

/** A connection to that address, as a service would have it. */
export const at = (address: string): Layer.Layer<Redis, ConfigError.ConfigError> =>
  Layer.provide(layerConfig, Layer.setConfigProvider(ConfigProvider.fromMap(new Map([["REDIS_ADDR", address]]))))

/** A client to look behind a store's back with. */
export const client = (port: number): Effect.Effect<Client, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.sync(() => new Client(port)),
    (client) => Effect.sync(() => client.disconnect())
  )

/** A cluster of one node that has all slots; its address says that it is one. */
export const cluster: Effect.Effect<RedisServer, never, Scope.Scope> = Effect.gen(function* () {
  const node = yield* make("--save", "", "--cluster-enabled", "yes", "--cluster-announce-ip", "127.0.0.1")
  const direct = yield* client(node.port)
  yield* Effect.promise(() => direct.call("CLUSTER", "ADDSLOTSRANGE", "0", "16383"))
  const isUp = Effect.map(
    Effect.promise(() => direct.cluster("INFO")),
    (info) => info.includes("cluster_state:ok")
  )
  yield* Effect.repeat(isUp, { schedule: Schedule.spaced("20 millis"), until: (up) => up })
  return { ...node, address: `redis+cluster://127.0.0.1:${node.port}` }
})

const temporaryFolder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "retro-redis-"))),
  (folder) => Effect.sync(() => rmSync(folder, { recursive: true, force: true }))
)

const spawned = (args: ReadonlyArray<string>): Effect.Effect<ChildProcess> =>
  Effect.async((resume) => {
    const server = spawn("redis-server", args, { stdio: ["ignore", "pipe", "ignore"] })
    server.stdout.on("data", (text: Buffer) => {
      if (/Ready to accept connections|\+monitor master/.test(String(text))) resume(Effect.succeed(server))
    })
    server.once("exit", (code) => resume(Effect.die(new Error(`redis-server ended with ${code}`))))
  })

const killed = (server: ChildProcess): Effect.Effect<void> =>
  Effect.async((resume) => {
    if (server.exitCode !== null || server.signalCode !== null) return resume(Effect.void)
    server.once("exit", () => resume(Effect.void))
    server.kill("SIGKILL")
  })

/** A port that nobody listens on right now. */
export const freePort: Effect.Effect<number> = Effect.async((resume) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const address = server.address()
    server.close(() => resume(Effect.succeed(typeof address === "object" && address !== null ? address.port : 0)))
  })
})
