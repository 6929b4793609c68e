import { Effect, type Scope } from "effect"
import { type AddressInfo, connect, createServer, type Socket } from "node:net"

/**
 * What a link does with what it carries. Cut: connections are reset and none is taken. Silent: nothing arrives on either
 * side, and nobody is told. Deaf: requests arrive, answers do not. Slow: everything arrives so many milliseconds late.
 */
export type Weather = "open" | "cut" | "silent" | "deaf" | { readonly slow: number }

/** The wire between one process and those that answer it: a TCP proxy that can fail as networks do. */
export interface Link {
  /** Where the process connects. */
  readonly port: number
  /** From now on. What was held back arrives when the link opens, as packets that are sent again would. */
  readonly set: (weather: Weather) => void
  /** The port of whoever the latest connection went to. */
  readonly peer: () => number | undefined
}

interface Pair {
  readonly near: Socket
  readonly far: Socket
}

/** Connects to these ports, one connection after the other in turn; to the next one where nobody listens. */
export const make = (backends: ReadonlyArray<number>): Effect.Effect<Link, never, Scope.Scope> => {
  const pairs = new Set<Pair>()
  let [weather, turn]: [Weather, number] = ["open", 0]
  let peer: number | undefined
  let held: Array<() => void> = []

  const isHeld = (towards: "near" | "far") => weather === "silent" || (weather === "deaf" && towards === "near")

  /** In order: what is held or late holds up what follows. */
  const carry = (from: Socket, to: Socket, towards: "near" | "far") => {
    let before = Promise.resolve()
    const later = (deliver: () => void) => {
      const due = performance.now() + (typeof weather === "object" ? weather.slow : 0)
      const opened = isHeld(towards) ? new Promise<void>((resume) => held.push(resume)) : undefined
      before = before
        .then(() => opened)
        .then(() => passed(due))
        .then(deliver)
    }
    from.on("data", (bytes: Buffer) => later(() => !to.destroyed && to.write(bytes)))
    from.once("close", () => later(() => to.destroy()))
  }

  const accept = (near: Socket, tries = backends.length) => {
    const port = backends[turn++ % backends.length] ?? 0
    const far = connect(port, "127.0.0.1")
    const next = () => (tries > 1 ? accept(near, tries - 1) : near.resetAndDestroy())
    far.once("error", next)
    far.once("connect", () => {
      far.off("error", next)
      far.on("error", () => undefined)
      if (near.destroyed) return far.destroy()
      far.setNoDelay(true)
      const pair = { near, far }
      pairs.add(pair)
      peer = port
      carry(near, far, "far")
      carry(far, near, "near")
      near.once("close", () => pairs.delete(pair))
      return far
    })
  }

  const server = createServer({ noDelay: true }, (near) => {
    near.on("error", () => undefined)
    if (weather === "cut") near.resetAndDestroy()
    else accept(near)
  })

  return Effect.acquireRelease(
    Effect.async<Link>((resume) => {
      server.listen(0, "127.0.0.1", () => {
        const { port } = server.address() as AddressInfo
        resume(
          Effect.succeed({
            port,
            peer: () => peer,
            set: (now) => {
              weather = now
              if (now === "cut")
                for (const { far, near } of pairs) [near, far].forEach((socket) => socket.resetAndDestroy())
              if (now === "silent" || now === "deaf") return
              for (const resume of held) resume()
              held = []
            }
          })
        )
      })
    }),
    () =>
      Effect.sync(() => {
        server.close()
        for (const { far, near } of pairs) [near, far].forEach((socket) => socket.destroy())
      })
  )
}

const passed = (due: number): Promise<void> | undefined => {
  const left = due - performance.now()
  return left <= 0 ? undefined : new Promise((resume) => setTimeout(resume, left))
}
