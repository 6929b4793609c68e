import { Schema } from "effect"

/** The gRPC status codes an error may carry, by name (https://grpc.io/docs/guides/status-codes). */
export const codes = {
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16
} as const

/** A gRPC status code other than OK. */
export type Code = keyof typeof codes

/** How an error leaves: as which gRPC status over the wire, as which HTTP status on a page. */
export interface Status {
  readonly grpc: Code
  readonly http: number
}

/** A contract's error class: its tag, its fields, its status. */
export interface FailureClass extends Schema.Schema.Any {
  readonly _tag: string
  readonly status: Status
  readonly fields: Schema.Struct.Fields
}

/**
 * Declares an error of a contract: a tagged error that crosses the wire with its fields and its status. Fields are texts
 * and integers, never bigints, endless or no numbers, so that an error can be logged and sent as JSON.
 */
export const Failure =
  <Self>() =>
  <const Tag extends string, Fields extends Schema.Struct.Fields>(tag: Tag, status: Status, fields: Fields) =>
    Object.assign(Schema.TaggedError<Self>()(tag, fields), { status })
