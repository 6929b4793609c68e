import { Effect } from "effect"
import { type AddressInfo, createServer } from "node:net"

/** The first of these ports on which nobody listens, or any free one; never one that is in `taken`. */
export const free = Effect.fnUntraced(function* (preferred: number, taken: ReadonlySet<number>) {
  let port = yield* listenOnce(preferred)
  while (port === undefined || taken.has(port)) port = yield* listenOnce(0)
  return port
})

/** The port, if it can be listened on; any for 0. */
const listenOnce = (port: number): Effect.Effect<number | void> =>
  Effect.async((resume) => {
    const server = createServer()
    server.once("error", () => resume(Effect.void))
    server.listen(port, () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resume(Effect.succeed(port)))
    })
  })
