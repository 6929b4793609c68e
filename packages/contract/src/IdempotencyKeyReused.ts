import { Failure } from "./Status.ts"

/** The key was used before, for something else. */
export class IdempotencyKeyReused extends Failure<IdempotencyKeyReused>()(
  "IdempotencyKeyReused",
  { grpc: "ALREADY_EXISTS", http: 409 },
  {}
) {}
