import type { Rpc } from "@effect/rpc"
import type * as grpc from "@grpc/grpc-js"
import * as Fields from "@retro/contract/Fields"
import * as CallContext from "@retro/contract/CallContext"
import { BadRequest, CallFailed, Completes, Deadline } from "@retro/contract/Contract"
import { codes } from "@retro/contract/Status"
import * as Trouble from "@retro/contract/Trouble"
import * as Baggage from "@retro/telemetry/Baggage"
import * as TraceContext from "@retro/telemetry/TraceContext"
import * as MessageCodec from "@retro/domain/MessageCodec"
import {
  Cause,
  Context,
  DefaultServices,
  Duration,
  Effect,
  Either,
  Exit,
  Fiber,
  FiberId,
  FiberRef,
  FiberRefs,
  Metric,
  Option,
  Runtime,
  type Schema,
  Tracer
} from "effect"
import * as CallSpan from "./CallSpan.ts"
import * as Refusal from "./Refusal.ts"

/** One rpc of a program. */
export type Program = (payload: any) => Effect.Effect<any, any>

/** The calls that a server has in flight. */
export interface Calls {
  /** Why a call is not begun, if it is not: first thing, before anything is spent on it. */
  readonly refusal: (completes: boolean) => Refusal.Refusal | undefined
  /** Begins the span of a call that came with this metadata. */
  readonly observe: (begin: CallSpan.Begin, metadata: grpc.Metadata) => CallSpan.CallSpan
  /** Runs a call, up to its end where it waits for nothing. */
  readonly run: (
    effect: Effect.Effect<unknown, unknown>,
    context: CallContext.CallContext,
    span: Tracer.AnySpan | undefined
  ) => Fiber.RuntimeFiber<unknown, unknown>
  /** Counts a call that waits as one in flight, and answers its exit. */
  readonly follow: (
    fiber: Fiber.RuntimeFiber<unknown, unknown>,
    done: (exit: Exit.Exit<unknown, unknown>) => void
  ) => void
  /** Succeeds once none is in flight. */
  readonly allDone: Effect.Effect<void>
}

type Call = grpc.ServerUnaryCall<unknown, unknown>

/**
 * Runs calls on one runtime, built once: `most` at the same time, and as many again of those that complete what somebody
 * has begun, an order for example.
 */
export const makeCalls = (runtime: Runtime.Runtime<never>, most: number): Calls => {
  const services = FiberRefs.getOrDefault(runtime.fiberRefs, DefaultServices.currentServices)
  const traced = FiberRefs.getOrDefault(runtime.fiberRefs, FiberRef.currentTracerEnabled)
  const fibers = new Set<Fiber.RuntimeFiber<unknown, unknown>>()
  return {
    refusal: (completes) => {
      if (fibers.size < (completes ? 2 * most : most)) return undefined
      shed.unsafeUpdate(1, [])
      return overloaded
    },
    observe: (begin, metadata) => begin(traced ? parentOf(metadata) : undefined, services, traced),
    run: (effect, context, span) => Runtime.runFork(within(runtime, context, span), effect),
    follow: (fiber, done) => {
      fibers.add(fiber)
      fiber.addObserver((exit) => {
        fibers.delete(fiber)
        done(exit)
      })
    },
    allDone: Effect.suspend(() => Fiber.awaitAll(fibers))
  }
}

/**
 * The runtime of one call. A fiber that begins in its span and with its context costs a fraction of one that enters them.
 * There is nothing else in its services: a program needs none, it was built with them.
 */
const within = (
  { fiberRefs, runtimeFlags }: Runtime.Runtime<never>,
  context: CallContext.CallContext,
  span: Tracer.AnySpan | undefined
): Runtime.Runtime<never> => {
  const services = new Map<string, unknown>().set(CallContext.Current.key, context)
  if (span !== undefined) services.set(Tracer.ParentSpan.key, span)
  return Runtime.make({ context: Context.unsafeMake(services), fiberRefs, runtimeFlags })
}

/** Stands for bytes that are no protobuf message. */
export const malformed: unknown = Symbol.for("@retro/grpc/malformed")

/** The definition of a service whose handlers get to see what cannot be read, where grpc-js would answer INTERNAL. */
export const tolerant = (definition: grpc.ServiceDefinition): grpc.ServiceDefinition =>
  Object.fromEntries(
    Object.entries(definition).map(([name, method]) => {
      const read = Option.liftThrowable(method.requestDeserialize)
      const requestDeserialize = (bytes: Buffer): unknown => {
        const message = read(bytes)
        return Option.isSome(message) ? message.value : malformed
      }
      return [name, { ...method, requestDeserialize }]
    })
  )

/**
 * The handler of one rpc: decodes the request, runs the program as long as its caller waits, and answers every exit. An
 * rpc that `completes` runs on under its own deadline when the caller hangs up.
 */
export const make = (
  rpc: Rpc.AnyWithProps,
  path: string,
  program: Program,
  calls: Calls
): grpc.handleUnaryCall<unknown, unknown> => {
  const decode = MessageCodec.decoder(rpc.payloadSchema as Schema.Schema.AnyNoContext)
  const encode = MessageCodec.encoder(rpc.successSchema as Schema.Schema.AnyNoContext)
  const refusals = Refusal.codec(rpc.errorSchema)
  const cap = Duration.toMillis(Context.get(rpc.annotations, Deadline))
  const completes = Context.get(rpc.annotations, Completes)
  const beginSpan = CallSpan.make(path, "server")
  const late = Exit.fail(new CallFailed({ path, code: codes.DEADLINE_EXCEEDED }))
  const begin = guarded(program)
  const answerOf = guarded((value: unknown) => Exit.fromEither(encode(value)))

  const run = (call: Call, span: CallSpan.CallSpan, effect: Effect.Effect<unknown, unknown>) =>
    calls.run(effect, contextOf(call, completes, cap), span.current ?? parentOf(call.metadata))

  /** What its caller learns of a failure. What no caller does is logged: defects, and failures that the contract does not list. */
  const refuse = (call: Call, span: CallSpan.CallSpan, cause: Cause.Cause<unknown>): Refusal.Refusal =>
    Option.getOrElse(Option.flatMap(Cause.failureOption(cause), refusals.encode), () => {
      if (Cause.isInterruptedOnly(cause)) return cancelled
      run(call, span, Effect.logError(`${path} failed: ${Trouble.describe(cause)}`))
      return internalError
    })

  /** Answers a call whose program ended so, and ends its span. */
  const respond = (
    call: Call,
    span: CallSpan.CallSpan,
    reply: grpc.sendUnaryData<unknown>,
    ended: Exit.Exit<unknown, unknown>
  ): void => {
    const exit = Exit.isSuccess(ended) ? answerOf(ended.value) : ended
    if (Exit.isSuccess(exit)) {
      span.end(exit, 0)
      return reply(null, exit.value)
    }
    const refusal = refuse(call, span, exit.cause)
    span.end(exit, refusal.code)
    return reply(refusal)
  }

  return (call, reply) => {
    const refusal = calls.refusal(completes)
    if (refusal !== undefined) return reply(refusal)
    const span = calls.observe(beginSpan, call.metadata)
    if (call.request === malformed)
      return respond(call, span, reply, Exit.fail(new BadRequest({ fields: ["request"] })))
    const request = decode(call.request)
    if (Either.isLeft(request))
      return respond(call, span, reply, Exit.fail(new BadRequest({ fields: Fields.of(request.left) })))
    const effect = begin(request.right)
    const known = exitOf(effect)
    if (known !== undefined) return respond(call, span, reply, known)
    const fiber = run(call, span, effect)
    const exit = fiber.unsafePoll()
    if (exit !== null) return respond(call, span, reply, exit)
    // Only who waits can be hung up on, or be late: listeners, timers and a place among those in flight are for them.
    const stop = () => fiber.unsafeInterruptAsFork(FiberId.none)
    if (!completes) call.on("cancelled", stop)
    const timer = completes ? setTimeout(stop, cap) : undefined
    calls.follow(fiber, (exit) => {
      clearTimeout(timer)
      respond(call, span, reply, completes && Exit.isInterrupted(exit) ? late : exit)
    })
  }
}

/** Who throws has a defect, as in a fiber. */
const guarded =
  <A, B>(f: (input: A) => B) =>
  (input: A): B | Exit.Exit<never> =>
    Either.merge(Either.try({ try: () => f(input), catch: Exit.die }))

/** The exit of an effect that is a value: it needs no fiber, and nobody can wait for it. */
const exitOf = (effect: Effect.Effect<unknown, unknown>): Exit.Exit<unknown, unknown> | undefined => {
  if (Exit.isExit(effect)) return effect
  return Either.isEither(effect) ? Exit.fromEither(effect) : undefined
}

const overloaded = Refusal.busy("overloaded")

export const shed = Metric.counter("rpc_server_shed_total", {
  description: "Calls that were refused because too many were in progress.",
  incremental: true
})

const cancelled: Refusal.Refusal = { code: codes.CANCELLED, details: "cancelled" }

const internalError: Refusal.Refusal = { code: codes.INTERNAL, details: "internal error" }

const contextOf = (call: Call, completes: boolean, cap: number): CallContext.CallContext => ({
  deadline: completes ? Date.now() + cap : Math.min(Number(call.getDeadline()), Date.now() + cap),
  baggage: Baggage.accepted(call.metadata.get("baggage")[0]?.toString())
})

const parentOf = (metadata: grpc.Metadata) => {
  const state = metadata.get("tracestate")
  return TraceContext.fromHeader(
    String(metadata.get("traceparent")[0] ?? ""),
    state.length === 0 ? undefined : state.join(",")
  )
}
