import * as HttpTraceContext from "@effect/platform/HttpTraceContext"
import * as Headers from "@effect/platform/Headers"
import type { Rpc } from "@effect/rpc"
import type * as grpc from "@grpc/grpc-js"
import * as Fields from "@retro/contract/Fields"
import * as CallContext from "@retro/contract/CallContext"
import { CallFailed, Completes, Deadline } from "@retro/contract/Contract"
import { codes } from "@retro/contract/Status"
import {
  Cause,
  Context,
  Duration,
  Effect,
  Either,
  Exit,
  Fiber,
  FiberId,
  Option,
  ParseResult,
  Runtime,
  Schema
} from "effect"
import * as Refusal from "./Refusal.ts"

/** One rpc of a program. */
export type Program = (payload: any) => Effect.Effect<any, any>

/** The calls that a server has in flight. */
export interface Calls {
  /** Runs a call's effect and answers its exit; never if new calls are refused. */
  readonly start: (
    effect: Effect.Effect<unknown, unknown>,
    done: (exit: Exit.Exit<unknown, unknown>) => void
  ) => Fiber.RuntimeFiber<unknown, unknown> | undefined
  readonly refuseNew: () => void
  /** Succeeds once none is in flight. */
  readonly allDone: Effect.Effect<void>
}

/** Runs calls on one runtime, built once, and keeps count of them. */
export const makeCalls = (runtime: Runtime.Runtime<never>): Calls => {
  const fork = Runtime.runFork(runtime)
  const fibers = new Set<Fiber.RuntimeFiber<unknown, unknown>>()
  let open = true
  return {
    start: (effect, done) => {
      if (!open) return undefined
      const fiber = fork(effect)
      fibers.add(fiber)
      fiber.addObserver((exit) => {
        fibers.delete(fiber)
        done(exit)
      })
      return fiber
    },
    refuseNew: () => {
      open = false
    },
    allDone: Effect.suspend(() => Fiber.awaitAll(fibers))
  }
}

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
  const decode = Schema.decodeUnknownEither(rpc.payloadSchema as Schema.Schema.AnyNoContext, { errors: "all" })
  const encode = Schema.encodeEither(rpc.successSchema as Schema.Schema.AnyNoContext)
  const refusals = Refusal.codec(rpc.errorSchema)
  const cap = Duration.toMillis(Context.get(rpc.annotations, Deadline))
  const completes = Context.get(rpc.annotations, Completes)
  const attributes = spanAttributes(path)

  const refuse = (cause: Cause.Cause<unknown>): Refusal.Refusal =>
    Option.getOrElse(Option.flatMap(Cause.failureOption(cause), refusals.encode), () =>
      Cause.isInterruptedOnly(cause) ? { code: codes.CANCELLED, details: "cancelled" } : internalError
    )

  const respond = (reply: grpc.sendUnaryData<unknown>) =>
    Exit.match({
      onFailure: (cause: Cause.Cause<unknown>) => reply(refuse(cause)),
      onSuccess: (message: unknown) => reply(null, message)
    })

  return (call, reply) => {
    const request = decode(call.request)
    if (Either.isLeft(request)) return reply(Refusal.badRequest(Fields.of(request.left)))
    const context = contextOf(call, completes, cap)
    const effect = program(request.right).pipe(
      Effect.flatMap(encode),
      Effect.tapErrorCause(report(path, refusals)),
      Effect.locally(CallContext.current, context),
      completes ? boundedBy(cap, path) : (run) => run,
      Effect.withSpan(path, { kind: "server", captureStackTrace: false, attributes, parent: parentOf(call.metadata) })
    )
    const fiber = calls.start(effect, respond(reply))
    if (fiber === undefined) return reply({ code: codes.UNAVAILABLE, details: "draining" })
    if (!completes) call.on("cancelled", () => fiber.unsafeInterruptAsFork(FiberId.none))
  }
}

const internalError: Refusal.Refusal = { code: codes.INTERNAL, details: "internal error" }

const contextOf = (
  call: grpc.ServerUnaryCall<unknown, unknown>,
  completes: boolean,
  cap: number
): CallContext.CallContext => ({
  deadline: completes ? Date.now() + cap : Math.min(Number(call.getDeadline()), Date.now() + cap),
  baggage: call.metadata.get("baggage")[0]?.toString()
})

const boundedBy =
  (cap: number, path: string) =>
  <A, E>(run: Effect.Effect<A, E>) =>
    Effect.timeoutFail(run, { duration: cap, onTimeout: () => new CallFailed({ path, code: codes.DEADLINE_EXCEEDED }) })

const parentOf = (metadata: grpc.Metadata) =>
  Option.getOrUndefined(
    HttpTraceContext.fromHeaders(
      Headers.unsafeFromRecord({ traceparent: String(metadata.get("traceparent")[0] ?? "") })
    )
  )

/** Names of the OpenTelemetry semantic conventions for rpc spans. */
const spanAttributes = (path: string) => {
  const [, service, method] = path.split("/")
  return { "rpc.system": "grpc", "rpc.service": service, "rpc.method": method }
}

/** Logs what no caller will learn: defects, and failures that the contract does not list. */
const report = (path: string, refusals: Refusal.Codec) => (cause: Cause.Cause<unknown>) => {
  const failure = Cause.failureOption(cause)
  if (Cause.isInterruptedOnly(cause) || Option.isSome(Option.flatMap(failure, refusals.encode))) return Effect.void
  const reasons = [...Option.toArray(failure), ...Cause.defects(cause)].map(describe)
  return Effect.logError(`${path} failed: ${reasons.join("; ")}`)
}

/** A parse error prints the value it refused, so only its fields are told; anything else as where it was thrown. */
const describe = (reason: unknown): string => {
  if (ParseResult.isParseError(reason)) return `ParseError at ${Fields.of(reason).join(", ")}`
  return reason instanceof Error ? (reason.stack ?? reason.name) : typeof reason
}
