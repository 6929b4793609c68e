import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import { Server as NetServer } from "node:net"
import {
  Config,
  Context,
  Data,
  type Duration,
  Effect,
  Exit,
  FiberId,
  FiberRef,
  FiberRefs,
  Layer,
  Option,
  Runtime,
  Schedule
} from "effect"
import * as Admission from "./Admission.ts"
import * as Compression from "./Compression.ts"
import * as Door from "./Door.ts"
import * as Request from "./Request.ts"
import * as Response from "./Response.ts"
import * as Surroundings from "./Surroundings.ts"
import * as TurnAway from "./TurnAway.ts"

/** What answers every request. */
export type App = (request: Request.Request) => Effect.Effect<Response.Response>

/** Nothing can be served at this port; `code` is the operating system's reason, such as EADDRINUSE. */
export class CannotListen extends Data.TaggedError("CannotListen")<{ readonly port: number; readonly code: string }> {
  override get message() {
    return this.code === "EADDRINUSE"
      ? `Port ${this.port} is taken by another program. Set PORT to a free one.`
      : `Cannot listen on port ${this.port} at this HOST (${this.code}).`
  }
}

/** A running web server. */
export class HttpServer extends Context.Tag("@retro/frontend/HttpServer")<
  HttpServer,
  {
    /** The one it listens on, also when `PORT` is 0 for any free one. */
    readonly port: number
  }
>() {}

/** How long requests in flight may take to finish once the server stops. */
const drainTime = "10 seconds"

/** How long a connection that is kept alive may be quiet before it is cut off once the server stops. */
const farewellTime = "250 millis"

/** Node's guards against slow and idle clients, in milliseconds, and against large heads, in bytes. */
const limits = {
  headersTimeout: 5_000,
  requestTimeout: 15_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 1_000,
  maxHeaderSize: 16 * 1024
}
const idleTimeout = 60_000

/** Connections that may wait to be taken while the process computes: one that finds no room is tried again after a second. */
const backlog = 2048

/**
 * Serves what `make` builds, at `PORT` (8080) of the address `HOST` (every one of this machine's), as far as `admission`
 * lets in. A request whose client goes away is interrupted. When its scope closes it takes no new connection, finishes what
 * is in flight for at most ten seconds, and cuts off the rest.
 */
export const layer = <E, R>(make: Effect.Effect<App, E, R>, admission = Admission.config) =>
  Layer.scoped(
    HttpServer,
    Effect.gen(function* () {
      const port = yield* portConfig
      const host = yield* Config.option(Config.nonEmptyString("HOST"))
      const admitted = yield* admission
      const answer = yield* handler(yield* make)
      return yield* Effect.acquireRelease(listen(answer, { port, host: Option.getOrUndefined(host) }, admitted), drain)
    })
  )

const portConfig = Config.integer("PORT").pipe(
  Config.withDefault(8080),
  Config.validate({ message: "a port from 0 to 65535", validation: (port) => port >= 0 && port <= 65_535 })
)

interface Listener {
  readonly server: Server
  readonly port: number
  /** Requests whose answers are not all sent. */
  readonly inFlight: ReadonlySet<ServerResponse>
}

type Handler = (server: Server, incoming: IncomingMessage, outgoing: ServerResponse, isTraced: boolean) => void

/** Runs the app for one of node's requests, on a runtime built once; without spans of its own where it is not traced. */
const handler = (app: App): Effect.Effect<Handler> =>
  Effect.map(Effect.zip(Effect.runtime(), Effect.clock), ([{ fiberRefs, runtimeFlags }, clock]) => {
    const untraced = FiberRefs.updateAs(fiberRefs, {
      fiberId: FiberId.none,
      fiberRef: FiberRef.currentTracerEnabled,
      value: false
    })
    const begin = (request: Request.Request, isTraced: boolean, answer: (response: Response.Response) => void) => {
      const context = Surroundings.of(request, clock.unsafeCurrentTimeMillis())
      return Runtime.runFork(Runtime.make({ context, fiberRefs: isTraced ? fiberRefs : untraced, runtimeFlags }))(
        Effect.map(app(request), (response) => answer(Compression.forClient(request, response)))
      )
    }
    return (server, incoming, outgoing, isTraced) => {
      const answer = (response: Response.Response) => {
        if (!server.listening) outgoing.shouldKeepAlive = false
        send(incoming, outgoing, response)
      }
      // The fiber answers and ends in nothing: Effect's set of fibers has V8 keep what they ended in for long after.
      const fiber = begin(Request.fromNode(incoming), isTraced, answer)
      const ended = (exit: Exit.Exit<void>) => {
        if (Exit.isFailure(exit)) answer(Response.text(500, "Something broke.\n"))
      }
      const exit = fiber.unsafePoll()
      if (exit !== null) return ended(exit)
      const hungUp = () => fiber.unsafeInterruptAsFork(FiberId.none)
      outgoing.once("close", hungUp)
      fiber.addObserver((exit) => {
        outgoing.off("close", hungUp)
        ended(exit)
      })
    }
  })

const send = (incoming: IncomingMessage, outgoing: ServerResponse, { body, headers, status }: Response.Response) => {
  if (outgoing.destroyed) return
  const bytes = typeof body === "string" ? Buffer.from(body) : body
  outgoing.writeHead(status, listed(headers, status === 304 ? undefined : bytes.length))
  outgoing.end(incoming.method === "HEAD" || status === 304 ? undefined : bytes)
}

/** As a list: node writes it as it is. */
const listed = (headers: Response.Response["headers"], length: number | undefined) => {
  const list: Array<string | Array<string>> = length === undefined ? [] : ["content-length", String(length)]
  for (const name in headers) {
    const value = headers[name]
    if (value !== undefined) list.push(name, typeof value === "string" ? value : [...value])
  }
  return list
}

const listen = (
  answer: Handler,
  { host, port }: { readonly host: string | undefined; readonly port: number },
  admitted: (inProgress: () => number) => Admission.Admission
) =>
  Effect.async<Listener, CannotListen>((resume) => {
    const inFlight = new Set<ServerResponse>()
    const admission = admitted(() => inFlight.size)
    const begin = (incoming: IncomingMessage, outgoing: ServerResponse, isTraced: boolean) => {
      if (outgoing.destroyed) return
      inFlight.add(outgoing)
      outgoing.once("close", () => inFlight.delete(outgoing))
      answer(server, incoming, outgoing, isTraced)
    }
    const door = Door.make((target) => {
      const isRefused = server.listening && admission.refuses(TurnAway.rankOf({ url: target }))
      return isRefused ? TurnAway.response : undefined
    })
    const server = createServer(limits, (incoming, outgoing) => {
      door.passed(incoming, outgoing)
      const rank = TurnAway.rankOf(incoming)
      admission.admit(rank, {
        begin: (isBusy) => begin(incoming, outgoing, !(isBusy && rank === "last")),
        refuse: () => {
          door.guard(incoming, outgoing)
          if (!server.listening) outgoing.shouldKeepAlive = false
          TurnAway.answer(outgoing)
        }
      })
    })
    server.setTimeout(idleTimeout)
    server.once("error", (error: NodeJS.ErrnoException) => {
      resume(Effect.fail(new CannotListen({ port, code: error.code ?? "unknown" })))
    })
    server.listen({ port, host, backlog }, () => {
      const address = server.address()
      const bound = typeof address === "object" && address !== null ? address.port : port
      resume(Effect.succeed({ server, port: bound, inFlight }))
    })
  })

/**
 * Takes no new connection. A connection that is kept alive may have a request on its way already, so each is given a
 * moment for one more, which is answered with `Connection: close`; then those that carry none are cut off.
 */
const drain = (listener: Listener) =>
  stopListening(listener).pipe(
    Effect.zipRight(until(listener, farewellTime, ({ connections }) => connections === 0)),
    Effect.zipRight(Effect.sync(() => listener.server.closeIdleConnections())),
    Effect.zipRight(until(listener, drainTime, ({ inFlight }) => inFlight === 0)),
    Effect.zipRight(Effect.sync(() => listener.server.closeAllConnections()))
  )

/** Not http's own `close`, which cuts off idle connections at once. */
const stopListening = ({ server }: Listener) => Effect.sync(() => void NetServer.prototype.close.call(server))

interface Load {
  readonly connections: number
  readonly inFlight: number
}

const loadOf = ({ inFlight, server }: Listener) =>
  Effect.async<Load>((resume) => {
    server.getConnections((_error, connections) => resume(Effect.succeed({ connections, inFlight: inFlight.size })))
  })

/** Waits until the load is so, or for that time. */
const until = (listener: Listener, atMost: Duration.DurationInput, isSo: (load: Load) => boolean) =>
  Effect.repeat(loadOf(listener), { until: isSo, schedule: Schedule.upTo(Schedule.spaced("20 millis"), atMost) })
