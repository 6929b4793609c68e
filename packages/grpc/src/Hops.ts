import type { Rpc } from "@effect/rpc"
import type { Contract, Methods } from "@retro/contract/Contract"
import { codes } from "@retro/contract/Status"
import * as CallSpan from "./CallSpan.ts"
import * as Refusal from "./Refusal.ts"
import * as SpanTracer from "@retro/telemetry/SpanTracer"
import {
  Cause,
  Context,
  DefaultServices,
  Effect,
  Exit,
  type Fiber,
  FiberRef,
  FiberRefs,
  Layer,
  Option,
  Tracer
} from "effect"

/**
 * A program in this process whose calls are seen as if they went from one process to another: the caller's span, the
 * service's own below it. Where tracing is off, or no exporter takes spans, it is the program itself.
 */
export const layer = <Self, R extends Rpc.Any, E, RIn>(
  contract: Contract<Self, R>,
  program: Layer.Layer<Self, E, RIn>
): Layer.Layer<Self, E, RIn> =>
  Layer.unwrapEffect(
    Effect.map(serviceTracer(nameOf(contract)), (tracer) =>
      tracer === undefined
        ? program
        : Layer.map(within(tracer, program), (built) =>
            Context.add(built, contract, observed(contract, Context.get(built, contract), tracer))
          )
    )
  )

/** What a layer does of itself is done by that service. */
export const inService =
  (service: string) =>
  <A, E, R>(layer: Layer.Layer<A, E, R>): Layer.Layer<A, E, R> =>
    Layer.unwrapEffect(
      Effect.map(serviceTracer(service), (tracer) => (tracer === undefined ? layer : within(tracer, layer)))
    )

/** The tier that answers a contract: "retrostation.CartService" is "cartservice". */
export const nameOf = <Self, R extends Rpc.Any>({ wire }: Contract<Self, R>): string =>
  (Object.values(wire)[0]?.path ?? "").replace(/^\/\w+\.(\w+)\/.*$/, "$1").toLowerCase()

const serviceTracer = (service: string) =>
  Effect.zipWith(Effect.tracer, FiberRef.get(FiberRef.currentTracerEnabled), (tracer, enabled) =>
    enabled && SpanTracer.is(tracer) ? tracer.forService(service) : undefined
  )

const within = <A, E, R>(tracer: Tracer.Tracer, layer: Layer.Layer<A, E, R>): Layer.Layer<A, E, R> =>
  Layer.scopedContext(Effect.withTracer(Layer.build(layer), tracer))

type Method = (payload: unknown) => Effect.Effect<unknown, unknown>

const observed = <Self, R extends Rpc.Any>(
  { group, wire }: Contract<Self, R>,
  program: Methods<R>,
  tracer: Tracer.Tracer
): Methods<R> => {
  const rpcs: ReadonlyMap<string, Rpc.AnyWithProps> = group.requests as ReadonlyMap<string, any>
  return Object.fromEntries(
    Object.entries(program as Readonly<Record<string, Method>>).map(([name, method]) => {
      const rpc = rpcs.get(name)
      return [name, rpc === undefined ? method : hop(wire[name]?.path ?? "", rpc, method, tracer)]
    })
  ) as Methods<R>
}

/** A call of one rpc with the spans that it would have over the wire. */
const hop = (path: string, rpc: Rpc.AnyWithProps, method: Method, tracer: Tracer.Tracer): Method => {
  const [client, server] = [CallSpan.make(path, "client"), CallSpan.make(path, "server")]
  const { encode } = Refusal.codec(rpc.errorSchema)
  const codeOf = Exit.match({
    onSuccess: () => 0,
    onFailure: (cause: Cause.Cause<unknown>) =>
      Cause.isInterruptedOnly(cause)
        ? codes.CANCELLED
        : Option.match(Option.flatMap(Cause.failureOption(cause), encode), {
            onNone: () => codes.INTERNAL,
            onSome: ({ code }) => code
          })
  })
  return (payload) =>
    Effect.withFiberRuntime((fiber) => {
      const services = fiber.currentDefaultServices
      const asking = client(fiber.currentSpan, services, fiber.getFiberRef(FiberRef.currentTracerEnabled))
      const { current } = asking
      if (current?.sampled !== true || current === fiber.currentSpan) return method(payload)
      const answering = server(current, Context.add(services, Tracer.Tracer, tracer), true)
      const caller = fiber.getFiberRefs()
      const callee = refsOf(fiber, answering.current ?? current, tracer)
      // Both are entered and left at once, with the spans' end: each by itself, by Effect.locally, costs twice as much.
      return Effect.uninterruptibleMask((restore) =>
        Effect.flatMap(
          Effect.zipRight(
            Effect.updateFiberRefs(() => callee),
            Effect.exit(restore(method(payload)))
          ),
          (exit) => {
            answering.end(exit, codeOf(exit))
            asking.end(exit, codeOf(exit))
            return Effect.zipRight(
              Effect.updateFiberRefs(() => caller),
              exit
            )
          }
        )
      )
    })
}

/** What a fiber refers to while a service answers in its place: by that tracer, below that span. */
const refsOf = (
  fiber: Fiber.RuntimeFiber<unknown, unknown>,
  span: Tracer.AnySpan,
  tracer: Tracer.Tracer
): FiberRefs.FiberRefs => {
  const forkAs = fiber.id()
  const context = Context.add(fiber.currentContext, Tracer.ParentSpan, span)
  const services = Context.add(fiber.currentDefaultServices, Tracer.Tracer, tracer)
  return FiberRefs.updateManyAs(fiber.getFiberRefs(), {
    forkAs,
    entries: [
      [FiberRef.currentContext, [[forkAs, context]]],
      [DefaultServices.currentServices, [[forkAs, services]]]
    ]
  })
}
