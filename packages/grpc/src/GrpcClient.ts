import type { Rpc } from "@effect/rpc"
import * as grpc from "@grpc/grpc-js"
import * as Fields from "@retro/contract/Fields"
import * as CallContext from "@retro/contract/CallContext"
import { BadRequest, CallFailed, type Contract, Deadline, Idempotent, type Methods } from "@retro/contract/Contract"
import { codes } from "@retro/contract/Status"
import * as TraceContext from "@retro/telemetry/TraceContext"
import * as MessageCodec from "@retro/domain/MessageCodec"
import {
  Config,
  type ConfigError,
  Context,
  Duration,
  Effect,
  Either,
  Exit,
  type Fiber,
  FiberRef,
  Layer,
  type Schema,
  type Tracer
} from "effect"
import * as CallSpan from "./CallSpan.ts"
import * as ChannelOptions from "./ChannelOptions.ts"
import * as Peer from "./Peer.ts"
import * as Refusal from "./Refusal.ts"
import * as Tls from "./Tls.ts"
import * as UnaryCall from "./UnaryCall.ts"

/**
 * The contract's tag, answered by whoever listens at `address` ("host:port"). Every call has a deadline: the rpc's own or
 * what its caller has left, whichever is less. Idempotent rpcs that reached nobody are asked again, twice at most and as
 * long as the {@link RetryBudget} lasts; while its {@link CircuitBreaker} is open a call fails at once, without a verdict.
 */
export const layer = <Self, R extends Rpc.Any>(
  contract: Contract<Self, R>,
  address: string
): Layer.Layer<Self, ConfigError.ConfigError> =>
  Layer.scoped(
    contract,
    Effect.map(open(address), (client) => methods(contract, client.getChannel(), Peer.make(nameOf(contract))))
  )

/**
 * The same, at the address that a variable of the configuration holds: "host:port", or "dns:///host:port" for every pod of
 * it; a name server may stand between the slashes.
 */
export const layerConfig = <Self, R extends Rpc.Any>(contract: Contract<Self, R>, variable: string) =>
  Layer.unwrapEffect(
    Config.string(variable).pipe(
      Config.validate({ message: "expected host:port", validation: (address) => addressFormat.test(address) }),
      Effect.map((address) => layer(contract, address))
    )
  )

const addressFormat = /^(dns:\/\/([\w.-]+:\d{1,5})?\/)?([\w.-]+|\[[\da-f:.]+\]):\d{1,5}$/i

/**
 * One channel: no look-up of service configs in DNS (some servers stall it), quick to find a restarted peer. It repeats by
 * itself only calls that a server refused before its programs saw them, as one that drains does.
 */
const open = Effect.fnUntraced(function* (address: string) {
  const credentials = yield* Tls.client
  return yield* Effect.acquireRelease(
    Effect.sync(
      () =>
        new grpc.Client(address, credentials, {
          ...ChannelOptions.client,
          "grpc.service_config_disable_resolution": 1,
          "grpc.service_config": takingTurns,
          "grpc.dns_min_time_between_resolutions_ms": 5_000,
          "grpc.initial_reconnect_backoff_ms": 100,
          "grpc.max_reconnect_backoff_ms": 1000
        })
    ),
    (client) => Effect.sync(() => client.close())
  )
})

/** Where a name stands for several servers, calls go to each in turn. */
const takingTurns = JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] })

/** "@retro/contract/CartService" is CartService. */
const nameOf = ({ key }: Contract<any, any>): string => key.slice(key.lastIndexOf("/") + 1)

const methods = <Self, R extends Rpc.Any>(
  contract: Contract<Self, R>,
  channel: grpc.ChannelInterface,
  peer: Peer.Peer
): Methods<R> =>
  Object.fromEntries(
    Array.from(contract.group.requests.values() as Iterable<any>, (rpc: Rpc.AnyWithProps) => [
      rpc._tag,
      caller(rpc, contract.wire[rpc._tag]!, channel, peer)
    ])
  ) as Methods<R>

const caller = (
  rpc: Rpc.AnyWithProps,
  method: grpc.MethodDefinition<any, any>,
  channel: grpc.ChannelInterface,
  peer: Peer.Peer
) => {
  const encode = MessageCodec.encoder(rpc.payloadSchema as Schema.Schema.AnyNoContext)
  const decode = MessageCodec.decoder(rpc.successSchema as Schema.Schema.AnyNoContext)
  const refusals = Refusal.codec(rpc.errorSchema)
  const cap = Duration.toMillis(Context.get(rpc.annotations, Deadline))
  const idempotent = Context.get(rpc.annotations, Idempotent)
  const beginSpan = CallSpan.make(method.path, "client", CallSpan.peerOf(channel.getTarget()))

  /** One attempt, in a span of its own. A call that is cancelled is answered too: that ends its span. */
  const send = (fiber: Fiber.RuntimeFiber<unknown, unknown>, request: unknown): Effect.Effect<unknown, unknown> => {
    const context = CallContext.of(fiber.currentContext)
    const now = Date.now()
    const deadline = Math.min(now + cap, context.deadline)
    if (deadline <= now) return Effect.fail(new CallFailed({ path: method.path, code: codes.DEADLINE_EXCEEDED }))
    if (!peer.admits(now)) return Effect.fail(new CallFailed({ path: method.path, code: codes.UNAVAILABLE }))
    return Effect.async((resume) => {
      const enabled = fiber.getFiberRef(FiberRef.currentTracerEnabled)
      const span = beginSpan(fiber.currentSpan, fiber.currentDefaultServices, enabled)
      const sent = metadata(span.current, context)
      // Who is interrupted ends: to enter and leave a finalizer takes longer than all else that a fiber does for a call.
      // A channel that was closed throws: there is nothing to hang up then.
      let cancel: UnaryCall.Cancel = () => {}
      const hangUp = () => cancel()
      fiber.addObserver(hangUp)
      cancel = UnaryCall.start(channel, method, request, sent, deadline, (refusal, response) => {
        fiber.removeObserver(hangUp)
        const exit = refusal ? refused(refusal, deadline - now) : answer(response)
        span.end(exit, refusal ? refusal.code : Exit.isSuccess(exit) ? 0 : codes.INTERNAL)
        resume(exit)
      })
    })
  }

  const refused = (error: grpc.StatusObject, hadMillis: number): Exit.Exit<never, unknown> => {
    const failure = refusals.decode(method.path, error)
    peer.failed(failure, { now: Date.now(), hadMillis, busy: Refusal.isBusy(error) })
    return Exit.fail(failure)
  }

  const answer = (response: unknown): Exit.Exit<unknown, unknown> => {
    peer.answered(Date.now())
    return Either.match(decode(response), {
      onLeft: () => Exit.fail(new CallFailed({ path: method.path, code: codes.INTERNAL })),
      onRight: Exit.succeed
    })
  }

  return (payload: unknown) =>
    Effect.withFiberRuntime<unknown, unknown>((fiber) => {
      const request = encode(payload)
      if (Either.isLeft(request)) return Effect.fail(new BadRequest({ fields: Fields.of(request.left) }))
      peer.begins()
      const call = send(fiber, request.right)
      if (!idempotent) return call
      const again = Effect.suspend(() => {
        peer.repeats()
        return send(fiber, request.right)
      })
      return Effect.catchIf(call, peer.mayRepeat, () =>
        Effect.retry(again, { while: peer.mayRepeat, schedule: Peer.onceMore })
      )
    })
}

const metadata = (span: Tracer.AnySpan | undefined, context: CallContext.CallContext): grpc.Metadata => {
  const metadata = new grpc.Metadata()
  if (span !== undefined) {
    metadata.set("traceparent", TraceContext.toHeader(span))
    const state = TraceContext.stateOf(span)
    if (state !== undefined) metadata.set("tracestate", state)
  }
  if (context.baggage !== undefined) metadata.set("baggage", context.baggage)
  return metadata
}
