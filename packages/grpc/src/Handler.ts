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
  /** Begins the span of a call whose caller's is `parent`. */
  readonly observe: (begin: CallSpan.Begin, parent: Tracer.AnySpan | undefined) => CallSpan.CallSpan
  /** Runs a call, up to its end where it waits for nothing. */
  readonly start: (call: Call) => Fiber.RuntimeFiber<unknown, unknown>
  /** Counts a call that waits as one in flight, and answers its exit. */
  readonly follow: (
    fiber: Fiber.RuntimeFiber<unknown, unknown>,
    done: (exit: Exit.Exit<unknown, unknown>) => void
  ) => void
  /** Succeeds once none is in flight. */
  readonly allDone: Effect.Effect<void>
}

/** One call of an rpc: what to run, in which surroundings. */
export interface Call {
  readonly effect: Effect.Effect<unknown, unknown>
  readonly context: CallContext.CallContext
  readonly span: Tracer.AnySpan | undefined
}

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
    observe: (begin, parent) => begin(parent, services, traced),
    start: ({ context, effect, span }) => Runtime.runFork(within(runtime, context, span), effect),
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
  const reported = Effect.tapErrorCause(report(path, refusals))

  const refuse = (cause: Cause.Cause<unknown>): Refusal.Refusal =>
    Option.getOrElse(Option.flatMap(Cause.failureOption(cause), refusals.encode), () =>
      Cause.isInterruptedOnly(cause) ? { code: codes.CANCELLED, details: "cancelled" } : internalError
    )

  /** Answers a call that ended so, and ends its span. */
  const respond = (
    span: CallSpan.CallSpan,
    reply: grpc.sendUnaryData<unknown>,
    exit: Exit.Exit<unknown, unknown>
  ): void => {
    if (Exit.isSuccess(exit)) {
      span.end(exit, 0)
      return reply(null, exit.value)
    }
    const refusal = refuse(exit.cause)
    span.end(exit, refusal.code)
    return reply(refusal)
  }

  return (call, reply) => {
    const refusal = calls.refusal(completes)
    if (refusal !== undefined) return reply(refusal)
    const span = calls.observe(beginSpan, parentOf(call.metadata))
    if (call.request === malformed) return respond(span, reply, Exit.fail(new BadRequest({ fields: ["request"] })))
    const request = decode(call.request)
    if (Either.isLeft(request))
      return respond(span, reply, Exit.fail(new BadRequest({ fields: Fields.of(request.left) })))
    const effect = reported(Effect.flatMap(program(request.right), encode))
    const fiber = calls.start({ effect, context: contextOf(call, completes, cap), span: span.current })
    const exit = fiber.unsafePoll()
    if (exit !== null) return respond(span, reply, exit)
    // Only who waits can be hung up on, or be late: listeners, timers and a place among those in flight are for them.
    const stop = () => fiber.unsafeInterruptAsFork(FiberId.none)
    if (!completes) call.on("cancelled", stop)
    const timer = completes ? setTimeout(stop, cap) : undefined
    calls.follow(fiber, (exit) => {
      clearTimeout(timer)
      respond(span, reply, completes && Exit.isInterrupted(exit) ? late : exit)
    })
  }
}

const overloaded = Refusal.busy("overloaded")

export const shed = Metric.counter("rpc_server_shed_total", {
  description: "Calls that were refused because too many were in progress.",
  incremental: true
})

const internalError: Refusal.Refusal = { code: codes.INTERNAL, details: "internal error" }

const contextOf = (
  call: grpc.ServerUnaryCall<unknown, unknown>,
  completes: boolean,
  cap: number
): CallContext.CallContext => ({
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

/** Logs what no caller will learn: defects, and failures that the contract does not list. */
const report = (path: string, refusals: Refusal.Codec) => (cause: Cause.Cause<unknown>) => {
  const failure = Cause.failureOption(cause)
  if (Cause.isInterruptedOnly(cause) || Option.isSome(Option.flatMap(failure, refusals.encode))) return Effect.void
  return Effect.logError(`${path} failed: ${Trouble.describe(cause)}`)
}
