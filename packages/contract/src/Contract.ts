import { type Rpc, RpcGroup } from "@effect/rpc"
import type { MethodDefinition, ServiceDefinition } from "@grpc/grpc-js"
import { Context, Duration, type Effect, Schema } from "effect"
import type { FailureClass } from "./Status.ts"
import { Failure } from "./Status.ts"

/** A verdict: the request is no message of its contract. Names the fields, never their values. */
export class BadRequest extends Failure<BadRequest>()(
  "BadRequest",
  { grpc: "INVALID_ARGUMENT", http: 422 },
  {
    fields: Schema.Array(Schema.String)
  }
) {}

/**
 * A verdict that the contract does not list: the peer refused with this status. `reason` is the tag of its error where it
 * sent one, as a newer peer may do in the middle of a deployment; otherwise empty.
 */
export class PeerRefused extends Failure<PeerRefused>()(
  "PeerRefused",
  { grpc: "FAILED_PRECONDITION", http: 502 },
  {
    path: Schema.String,
    code: Schema.Int,
    reason: Schema.String
  }
) {}

/** No verdict: the peer is away, too slow, or broken. Whether it did what it was asked is unknown. */
export class CallFailed extends Failure<CallFailed>()(
  "CallFailed",
  { grpc: "UNAVAILABLE", http: 503 },
  {
    path: Schema.String,
    /** The gRPC status code as a number. */
    code: Schema.Int
  }
) {}

/** What any call can fail with beside the errors of its contract. */
export type CallError = BadRequest | PeerRefused | CallFailed

/** How long a caller waits for an answer at most; the time its own caller has left may be shorter. */
export class Deadline extends Context.Reference<Deadline>()("@retro/contract/Deadline", {
  defaultValue: () => Duration.seconds(2)
}) {}

/** Asking twice is the same as asking once, so a call that got no verdict may be repeated. */
export class Idempotent extends Context.Reference<Idempotent>()("@retro/contract/Idempotent", {
  defaultValue: () => false
}) {}

/** Once begun it runs to its end, even when the caller hangs up. */
export class Completes extends Context.Reference<Completes>()("@retro/contract/Completes", {
  defaultValue: () => false
}) {}

/** What a caller holds and a program implements: one function per rpc. */
export type Methods<R extends Rpc.Any> = {
  readonly [A in R as Rpc.Tag<A>]: (payload: Rpc.Payload<A>) => Effect.Effect<Rpc.Success<A>, Rpc.Error<A> | CallError>
}

/** A service: the tag its program answers, its rpcs, and the protobuf messages they travel as. */
export interface Contract<Self, R extends Rpc.Any> extends Context.TagClass<Self, string, Methods<R>> {
  readonly group: RpcGroup.RpcGroup<R>
  readonly wire: ServiceDefinition
}

/**
 * Declares a service. The compiler refuses a contract that does not fit its proto: an rpc or a field that only one of the
 * two has, a field of another type, or an error without a status.
 */
export const Tag =
  <Self>() =>
  <const Name extends string, const Rpcs extends ReadonlyArray<Rpc.Any>, W extends ServiceDefinition>(
    name: Name,
    wire: W & Wire<W, Rpcs[number]>,
    ...rpcs: Rpcs & { readonly [I in keyof Rpcs]: StatusOnEveryError<Rpcs[I]> }
  ): Contract<Self, Rpcs[number]> =>
    Object.assign(Context.Tag(`@retro/contract/${name}`)<Self, Methods<Rpcs[number]>>(), {
      group: RpcGroup.make(...(rpcs as Rpcs)),
      wire
    })

/** The proto's `Empty`, as no argument and no answer at all. */
export const Empty = Schema.transform(
  Schema.Struct({}),
  Schema.Void.annotations({ arbitrary: () => (fc) => fc.constant(undefined) }),
  { strict: true, decode: () => undefined, encode: () => ({}) }
)

/** A text field that may be left empty, as a value that may be undefined. */
export const orEmpty = <A extends string>(schema: Schema.Schema<A, string>) =>
  Schema.transform(Schema.String, Schema.UndefinedOr(schema), {
    strict: true,
    decode: (text) => (text === "" ? undefined : text),
    encode: (text) => text ?? ""
  })

/** The classes an rpc's error schema is made of. */
export const failuresOf = (errors: Schema.Schema.All): ReadonlyArray<FailureClass> => {
  if ("members" in errors) return (errors.members as ReadonlyArray<Schema.Schema.All>).flatMap(failuresOf)
  return "status" in errors ? [errors as unknown as FailureClass] : []
}

/** A ts-proto definition in which every rpc of `R` has its method, and every message the fields of its schema. */
type Wire<W, R extends Rpc.Any> = {
  readonly [A in R as Rpc.Tag<A>]: A extends Rpc.Rpc<infer _T, infer P, infer S, infer _E, infer _M>
    ? Method<W, Rpc.Tag<A>, P, S>
    : never
} & { readonly [K in Exclude<keyof W, Rpc.Tag<R>>]: { readonly "no rpc for this method": K } }

type Method<W, K, P extends Schema.Schema.Any, S extends Schema.Schema.Any> = K extends keyof W
  ? W[K] extends MethodDefinition<infer Request, infer Response>
    ? Fits<Schema.Schema.Encoded<P>, Request> & Fits<Schema.Schema.Encoded<S>, Response>
    : never
  : never

/** Nothing to ask where an encoded value is the message: assignable to it, and with the same fields all the way down. */
type Fits<Encoded, Message> = [Encoded] extends [Message]
  ? [Exclude<Paths<Encoded>, Paths<Message>> | Exclude<Paths<Message>, Paths<Encoded>>] extends [never]
    ? unknown
    : {
        readonly "fields of only one side":
          Exclude<Paths<Encoded>, Paths<Message>> | Exclude<Paths<Message>, Paths<Encoded>>
      }
  : { readonly "not the message": Encoded }

type Paths<T> = T extends string | number | bigint | boolean | undefined | Uint8Array
  ? never
  : T extends ReadonlyArray<infer E>
    ? Paths<E>
    : { [K in keyof T & string]-?: K | `${K}.${Paths<T[K]>}` }[keyof T & string]

type StatusOnEveryError<A> =
  A extends Rpc.Rpc<infer _T, infer _P, infer _S, infer E, infer _M>
    ? [WithoutStatus<E>] extends [never]
      ? unknown
      : { readonly "an error has no status": WithoutStatus<E> }
    : never

type WithoutStatus<E> = E extends typeof Schema.Never | FailureClass
  ? never
  : E extends { readonly members: ReadonlyArray<infer M> }
    ? WithoutStatus<M>
    : E
