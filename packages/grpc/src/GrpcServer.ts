import type { Rpc } from "@effect/rpc"
import * as grpc from "@grpc/grpc-js"
import type { Contract } from "@retro/contract/Contract"
import { Config, Context, Data, Duration, Effect, Layer, Option, type Runtime, Schedule } from "effect"
import * as Handler from "./Handler.ts"
import * as Health from "./Health.ts"
import * as ChannelOptions from "./ChannelOptions.ts"
import { Readiness } from "./Readiness.ts"
import * as Reflection from "./Reflection.ts"
import * as Tls from "./Tls.ts"

/** A gRPC server that answers on `port`, and health alone on `healthPort` where that is wanted. */
export class GrpcServer extends Context.Tag("@retro/grpc/GrpcServer")<
  GrpcServer,
  { readonly port: number; readonly healthPort: Option.Option<number> }
>() {}

/** The port cannot be had: somebody else listens on it, or we may not. */
export class BindFailed extends Data.TaggedError("BindFailed")<{ readonly address: string; readonly reason: string }> {
  override readonly message = `cannot listen on ${this.address}: ${this.reason}`
}

// Failures reach callers as typed errors; grpc-js would print them too.
grpc.setLogVerbosity(grpc.logVerbosity.NONE)

const hostConfig = Config.withDefault(Config.nonEmptyString("HOST"), "0.0.0.0")

const portConfig = (variable: string) =>
  Config.integer(variable).pipe(
    Config.validate({ message: "not a port from 0 to 65535", validation: (port) => port >= 0 && port <= 65535 })
  )

/**
 * `GRPC_HEALTH_PORT`: answers health there too, in plain text and nothing else: for probes that know no TLS, as those of
 * Kubernetes.
 */
const healthPortConfig = Config.option(portConfig("GRPC_HEALTH_PORT"))

/** `GRPC_REFLECTION`: whether clients may ask which services and messages there are. */
const reflectionConfig = Config.withDefault(Config.literal("on", "off")("GRPC_REFLECTION"), "on")

/**
 * `GRPC_MAX_IN_FLIGHT`: calls in progress at the same time. More are refused at once, so
 * that those in progress end in time.
 */
const maxInFlightConfig = Config.integer("GRPC_MAX_IN_FLIGHT").pipe(
  Config.withDefault(512),
  Config.validate({ message: "not a number from 1 to 100000", validation: (most) => most >= 1 && most <= 100_000 })
)

/** A stream that a client may not open waits there unseen: refusals and health need some beyond the calls in progress. */
const spareStreams = 1000

/**
 * `GRPC_CONNECTION_AGE`: after about so long a connection is ended when its calls are, and its caller looks the name up
 * again. Without a mesh that is how callers learn of new servers.
 */
const connectionAgeConfig = Config.duration("GRPC_CONNECTION_AGE").pipe(Config.withDefault(Duration.minutes(5)))

/** How often health looks at {@link Readiness}. */
const readinessInterval = Duration.seconds(1)

/** How long calls in flight may take to finish once the server drains. */
const drainTime = Duration.seconds(10)

/**
 * Answers the calls of these contracts with whatever provides their tags, on `PORT` (0 for any free one) of `HOST` (every address), with health and
 * reflection beside them; health follows {@link Readiness}. Closing its scope drains: NOT_SERVING, new calls sent elsewhere, calls in flight finished, bounded.
 */
export const layer = <Contracts extends ReadonlyArray<Contract<any, any>>>(...contracts: Contracts) =>
  Layer.scoped(
    GrpcServer,
    Effect.gen(function* () {
      const runtime = yield* Effect.runtime<Context.Tag.Identifier<Contracts[number]>>()
      const maxInFlight = yield* maxInFlightConfig
      const calls = Handler.makeCalls(runtime, maxInFlight)
      const server = new grpc.Server({
        "grpc.max_connection_age_ms": Duration.toMillis(yield* connectionAgeConfig),
        "grpc.max_connection_age_grace_ms": 20_000,
        ...ChannelOptions.server,
        "grpc.max_concurrent_streams": 2 * maxInFlight + spareStreams
      })
      const names = contracts.map(serviceName)
      const health = Health.make(names)
      for (const contract of contracts)
        server.addService(Handler.tolerant(contract.wire), implementation(contract, runtime, calls))
      server.addService(health.definition, health.implementation)
      if ((yield* reflectionConfig) === "on") addReflection(server, names)

      const host = yield* hostConfig
      const port = yield* bind(server, `${host}:${yield* portConfig("PORT")}`, yield* Tls.server)
      yield* Effect.addFinalizer(() => drain(server, health, calls))
      const healthPort = yield* Effect.transposeMapOption(yield* healthPortConfig, (port) =>
        serveHealth(health, `${host}:${port}`)
      )
      yield* Effect.forkScoped(
        Effect.repeat(Effect.map(yield* Readiness, health.set), Schedule.spaced(readinessInterval))
      )
      return { port, healthPort }
    })
  )

/** Health on a port of its own, which outlives the drain: until the end it says NOT_SERVING. */
const serveHealth = (health: Health.Health, address: string) =>
  Effect.gen(function* () {
    const probed = yield* Effect.acquireRelease(
      Effect.sync(() => new grpc.Server(ChannelOptions.server)),
      (server) => Effect.sync(() => server.forceShutdown())
    )
    probed.addService(health.definition, health.implementation)
    return yield* bind(probed, address, grpc.ServerCredentials.createInsecure())
  })

const implementation = (contract: Contract<any, any>, runtime: Runtime.Runtime<any>, calls: Handler.Calls) => {
  const program: Record<string, Handler.Program> = Context.unsafeGet(runtime.context, contract)
  const handlers: grpc.UntypedServiceImplementation = {}
  for (const rpc of contract.group.requests.values() as Iterable<Rpc.AnyWithProps>) {
    handlers[rpc._tag] = Handler.make(rpc, contract.wire[rpc._tag]!.path, program[rpc._tag]!, calls)
  }
  return handlers
}

const addReflection = (server: grpc.Server, names: ReadonlyArray<string>) => {
  const reflection = Reflection.make([...names, "grpc.health.v1.Health"])
  for (const definition of reflection.definitions) server.addService(definition, reflection.implementation)
}

/** "/retrostation.CartService/GetCart" is a method of "retrostation.CartService". */
const serviceName = (contract: Contract<any, any>): string => Object.values(contract.wire)[0]!.path.split("/")[1]!

const bind = (server: grpc.Server, address: string, credentials: grpc.ServerCredentials) =>
  Effect.async<number, BindFailed>((resume) =>
    server.bindAsync(address, credentials, (error, port) =>
      resume(error ? Effect.fail(new BindFailed({ address, reason: error.message })) : Effect.succeed(port))
    )
  )

/**
 * Every caller is told to go elsewhere (GOAWAY). What came before it heard that is still answered; what it sends after is
 * refused unread, so that its channel may safely send it to another server.
 */
const drain = (server: grpc.Server, health: Health.Health, calls: Handler.Calls) =>
  Effect.gen(function* () {
    health.set(false)
    health.endWatches()
    const closed = Effect.async<void>((resume) => server.tryShutdown(() => resume(Effect.void)))
    yield* Effect.all([closed, calls.allDone], { concurrency: "unbounded", discard: true }).pipe(
      Effect.timeoutTo({ duration: drainTime, onTimeout: () => false, onSuccess: () => true }),
      Effect.filterOrElse(
        (finished) => finished,
        () => Effect.logWarning("calls were still in flight when the time to drain was over")
      )
    )
    server.forceShutdown()
  })
