import { Effect, type Scope } from "effect"
import { type AddressInfo, connect, createServer, type Socket } from "node:net"

/** What the virtual address of a Kubernetes Service is to its clients: one port, and each connection leads to the next pod. */
export interface VirtualAddress {
  readonly port: number
  /** From now on new connections may lead to that port. */
  readonly add: (port: number) => void
  /** New connections no longer lead there; those that there are stay, as in a cluster. */
  readonly remove: (port: number) => void
}

/** An address without pods: whoever connects is turned away. */
export const make: Effect.Effect<VirtualAddress, never, Scope.Scope> = Effect.gen(function* () {
  const pods: Array<number> = []
  const open = new Set<Socket>()
  const next = () => {
    const pod = pods.shift()
    if (pod !== undefined) pods.push(pod)
    return pod
  }
  const server = yield* Effect.acquireRelease(
    Effect.sync(() => createServer({ allowHalfOpen: true, noDelay: true }, (client) => lead(client, next(), open))),
    (server) =>
      Effect.sync(() => {
        server.close()
        for (const socket of open) socket.destroy()
      })
  )
  const port = yield* Effect.async<number>((resume) => {
    server.listen(0, "127.0.0.1", () => resume(Effect.succeed((server.address() as AddressInfo).port)))
  })
  return {
    port,
    add: (pod) => void pods.push(pod),
    remove: (pod) => void pods.splice(0, pods.length, ...pods.filter((other) => other !== pod))
  }
})

/** Both directions, each until its own end; when one side breaks, so does the other. */
const lead = (client: Socket, pod: number | undefined, open: Set<Socket>) => {
  if (pod === undefined) {
    client.resetAndDestroy()
    return
  }
  const upstream = connect({ port: pod, host: "127.0.0.1", allowHalfOpen: true, noDelay: true })
  for (const [socket, other] of [
    [client, upstream],
    [upstream, client]
  ] as const) {
    open.add(socket)
    socket.on("error", () => other.resetAndDestroy())
    socket.on("close", () => open.delete(socket))
    socket.pipe(other)
  }
}
