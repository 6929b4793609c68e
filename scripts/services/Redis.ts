import { Effect } from "effect"
import { existsSync } from "node:fs"
import { connect } from "node:net"
import { delimiter, join } from "node:path"
import * as Guard from "./Guard.ts"
import type { Program } from "./Supervisor.ts"

/** Where redis-server is, if it is installed. */
export const path = (): string | undefined =>
  (process.env["PATH"] ?? "")
    .split(delimiter)
    .map((folder) => join(folder, "redis-server"))
    .find((file) => existsSync(file))

/** What to say where it is not. */
export const advice =
  "redis-server is not installed (apt-get install redis-server, or brew install redis): carts are kept in memory"

/** A Redis of this run alone. It writes every change to a file, so that it loses nothing when it is killed and comes back. */
export const program = (server: string, port: number): Program => {
  const options = { port, bind: "127.0.0.1", dir: Guard.folder, appendonly: "yes", save: "", loglevel: "warning" }
  return {
    name: "redis",
    line: [server, ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)])],
    environment: process.env,
    isServing: ping(port),
    isQuiet: true
  }
}

/** Whether it answers PING with PONG, which it does not while it reads its file. */
const ping = (port: number): Effect.Effect<boolean> =>
  Effect.async<boolean>((resume) => {
    const socket = connect(port, "127.0.0.1", () => socket.write("PING\r\n"))
    socket.once("data", (answer) => resume(Effect.succeed(answer.toString().startsWith("+PONG"))))
    socket.once("error", () => resume(Effect.succeed(false)))
    return Effect.sync(() => socket.destroy())
  }).pipe(Effect.timeoutTo({ duration: "1 second", onSuccess: (serving) => serving, onTimeout: () => false }))
