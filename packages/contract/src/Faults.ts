import type { Rpc } from "@effect/rpc"
import { Clock, Context, Duration, Effect, Layer, Random, Ref, Schema } from "effect"
import * as CallContext from "./CallContext.ts"
import { CallFailed, type Contract, Deadline, failuresOf, type Methods } from "./Contract.ts"
import { codes, type FailureClass } from "./Status.ts"

/**
 * What may be done to a call: it is made that many milliseconds later, it fails with an error of its contract or with
 * `CallFailed`, by tag, or it is not answered for as long as whoever calls waits.
 */
export const Fault = Schema.Union(
  Schema.TaggedStruct("Latency", { millis: Schema.Int.pipe(Schema.between(1, 60_000)) }),
  Schema.TaggedStruct("Failure", { error: Schema.String }),
  Schema.TaggedStruct("Hang", {})
)
export type Fault = typeof Fault.Type

/** How often a fault comes over an rpc. */
export class Rule extends Schema.Class<Rule>("Rule")({
  /** Such as "PaymentService.charge". */
  rpc: Schema.String,
  /** Of all calls, from 0 to 1. */
  probability: Schema.Number.pipe(Schema.between(0, 1)),
  fault: Fault
}) {}

/** Who decides what goes wrong: asked before every call of an rpc. */
export interface Faults {
  readonly of: (rpc: string) => Effect.Effect<ReadonlyArray<Rule>>
}

/** An rpc and the errors that it can be made to fail with. */
export interface Target {
  readonly rpc: string
  readonly errors: ReadonlyArray<string>
}

/** Turns faults on and off while everything runs. */
export class FaultSwitch extends Context.Tag("@retro/contract/FaultSwitch")<
  FaultSwitch,
  Faults & {
    readonly targets: ReadonlyArray<Target>
    readonly rules: Effect.Effect<ReadonlyArray<Rule>>
    /** Adds a rule; it takes the place of the same kind of fault on the same rpc. */
    readonly add: (rule: Rule) => Effect.Effect<void>
    /** Nothing goes wrong from now on. */
    readonly reset: Effect.Effect<void>
  }
>() {}

/** A switch over the rpcs of these contracts: all is well at first. */
export const makeSwitch = (
  ...contracts: ReadonlyArray<Contract<any, any>>
): Effect.Effect<typeof FaultSwitch.Service> =>
  Effect.map(Ref.make<ReadonlyArray<Rule>>([]), (rules) => ({
    targets: contracts.flatMap(targetsOf),
    of: (rpc) => Effect.map(rules, (all) => (all.length === 0 ? all : all.filter((rule) => rule.rpc === rpc))),
    rules,
    add: (rule) => Ref.update(rules, (all) => [...all.filter((other) => !isSameKind(other, rule)), rule]),
    reset: Ref.set(rules, [])
  }))

/** The program behind faults: whoever asks it, in this process or over a wire, meets them. */
export const layer = <Self, R extends Rpc.Any, More, E, RIn>(
  contract: Contract<Self, R>,
  program: Layer.Layer<Self | More, E, RIn>,
  faults: Faults
): Layer.Layer<Self | More, E, RIn> =>
  Layer.map(program, (context) =>
    Context.add(context, contract, behind(contract, Context.get(context, contract), faults))
  )

/** The rpcs of a contract, with the errors that each can be made to fail with. */
const targetsOf = (contract: Contract<any, any>): ReadonlyArray<Target> =>
  rpcsOf(contract).map((rpc) => ({
    rpc: nameOf(contract, rpc),
    errors: [...failuresOf(rpc.errorSchema).map(({ _tag }) => _tag), CallFailed._tag]
  }))

const rpcsOf = (contract: Contract<any, any>): ReadonlyArray<Rpc.AnyWithProps> =>
  Array.from(contract.group.requests.values() as Iterable<Rpc.AnyWithProps>)

/** "PaymentService.charge", of the tag "@retro/contract/PaymentService". */
const nameOf = ({ key }: { readonly key: string }, { _tag }: Rpc.AnyWithProps): string =>
  `${key.slice(key.lastIndexOf("/") + 1)}.${_tag}`

const isSameKind = (one: Rule, other: Rule) => one.rpc === other.rpc && one.fault._tag === other.fault._tag

type Method = (payload: unknown) => Effect.Effect<unknown, unknown>

const behind = <Self, R extends Rpc.Any>(
  contract: Contract<Self, R>,
  methods: Methods<R>,
  faults: Faults
): Methods<R> => {
  const calls: Readonly<Record<string, Method>> = methods as never
  return Object.fromEntries(
    rpcsOf(contract).map((rpc) => [rpc._tag, struck(rpc, nameOf(contract, rpc), calls[rpc._tag]!, faults)])
  ) as Methods<R>
}

const struck = (rpc: Rpc.AnyWithProps, name: string, call: Method, faults: Faults): Method => {
  const happens = ({ probability }: Rule) => Effect.map(Random.next, (roll) => roll < probability)
  return (payload) =>
    Effect.flatMap(faults.of(name), (rules) =>
      rules.length === 0
        ? call(payload)
        : Effect.flatMap(Effect.filter(rules, happens), (hits) =>
            hits.reduce((effect, { fault }) => under(fault, rpc, effect), call(payload))
          )
    )
}

const under = (fault: Fault, rpc: Rpc.AnyWithProps, call: ReturnType<Method>): ReturnType<Method> => {
  switch (fault._tag) {
    case "Latency":
      return Effect.delay(call, fault.millis)
    case "Failure":
      return Effect.flatMap(errorOf(rpc, fault.error), (error) => (error === undefined ? call : Effect.fail(error)))
    case "Hang":
      return silent(rpc)
  }
}

/** No answer by the deadline of the rpc, or of its caller: what a caller over a wire learns, and one in this process. */
const silent = Effect.fnUntraced(function* (rpc: Rpc.AnyWithProps) {
  const now = yield* Clock.currentTimeMillis
  const { deadline } = yield* CallContext.Current
  const cap = Duration.toMillis(Context.get(rpc.annotations, Deadline))
  yield* Effect.sleep(Math.max(0, Math.min(cap, deadline - now)))
  return yield* new CallFailed({ path: "", code: codes.DEADLINE_EXCEEDED })
})

/** An error of that tag with any fields that its schema allows; undefined where the rpc has none. */
const errorOf = (rpc: Rpc.AnyWithProps, tag: string): Effect.Effect<unknown> => {
  if (tag === CallFailed._tag) return Effect.succeed(new CallFailed({ path: "", code: codes.UNAVAILABLE }))
  const failure = failuresOf(rpc.errorSchema).find(({ _tag }) => _tag === tag)
  if (failure === undefined) return Effect.succeed(undefined)
  return Effect.zipWith(makers, Random.nextInt, (make, seed) => make(failure, seed))
}

/** What makes values of a schema is asked for by the first fault: most shops never do, and need no part of it in their program. */
const makers = Effect.map(
  Effect.promise(() => Promise.all([import("effect/Arbitrary"), import("effect/FastCheck")])),
  ([Arbitrary, FastCheck]) =>
    (failure: FailureClass, seed: number) =>
      FastCheck.sample(Arbitrary.make(failure), { numRuns: 1, seed })[0]
)
