import { Rpc } from "@effect/rpc"
import { AddressFromWire, DestinationFromWire } from "@retro/domain/Address"
import { CartItem, maxLines } from "@retro/domain/Cart"
import { IdempotencyKey, TrackingId } from "@retro/domain/Ids"
import * as Money from "@retro/domain/Money"
import { TimestampFromWire } from "@retro/domain/Timestamp"
import { Duration, Schema } from "effect"
import * as Contract from "./Contract.ts"
import { ShipmentStage } from "./generated/retrostation/shipping.ts"
import { ShippingServiceService } from "./generated/retrostation/shipping.ts"
import { IdempotencyKeyReused } from "./IdempotencyKeyReused.ts"
import { Failure } from "./Status.ts"

/** We do not ship there. */
export class AddressNotServed extends Failure<AddressNotServed>()(
  "AddressNotServed",
  { grpc: "FAILED_PRECONDITION", http: 422 },
  { country: Schema.String }
) {}

/** The carrier takes no parcels right now. Nothing was shipped. */
export class ShippingUnavailable extends Failure<ShippingUnavailable>()(
  "ShippingUnavailable",
  { grpc: "UNAVAILABLE", http: 503 },
  {}
) {}

/** The key was cancelled before it was shipped; it never will be. */
export class ShipmentCancelled extends Failure<ShipmentCancelled>()(
  "ShipmentCancelled",
  { grpc: "FAILED_PRECONDITION", http: 409 },
  {}
) {}

/** No parcel has this tracking id. */
export class TrackingNotFound extends Failure<TrackingNotFound>()(
  "TrackingNotFound",
  { grpc: "NOT_FOUND", http: 404 },
  { trackingId: TrackingId }
) {}

/** How far a parcel has come. */
export const Stage = Schema.transformLiterals(
  [ShipmentStage.LABEL_CREATED, "label-created"],
  [ShipmentStage.PICKED_UP, "picked-up"],
  [ShipmentStage.IN_TRANSIT, "in-transit"],
  [ShipmentStage.OUT_FOR_DELIVERY, "out-for-delivery"],
  [ShipmentStage.DELIVERED, "delivered"],
  [ShipmentStage.CANCELLED, "cancelled"]
)
export type Stage = typeof Stage.Type

const items = Schema.Array(CartItem).pipe(Schema.maxItems(maxLines))

/** Quotes and ships parcels, each key once. */
export class ShippingService extends Contract.Tag<ShippingService>()(
  "ShippingService",
  ShippingServiceService,
  Rpc.make("getQuote", {
    payload: { address: Schema.UndefinedOr(DestinationFromWire), items },
    success: Schema.Struct({ costUsd: Money.PriceIn("USD") }),
    error: AddressNotServed
  }).annotate(Contract.Idempotent, true),
  Rpc.make("shipOrder", {
    payload: { address: AddressFromWire, items, idempotencyKey: Contract.orEmpty(IdempotencyKey) },
    success: Schema.Struct({ trackingId: TrackingId }),
    error: Schema.Union(AddressNotServed, ShippingUnavailable, ShipmentCancelled, IdempotencyKeyReused)
  })
    .annotate(Contract.Deadline, Duration.seconds(5))
    .annotate(Contract.Completes, true),
  Rpc.make("getTracking", {
    payload: { trackingId: TrackingId },
    success: Schema.Struct({
      trackingId: TrackingId,
      events: Schema.Array(Schema.Struct({ stage: Stage, at: TimestampFromWire }))
    }),
    error: TrackingNotFound
  }).annotate(Contract.Idempotent, true),
  Rpc.make("cancelShipment", {
    payload: { idempotencyKey: IdempotencyKey },
    success: Schema.Struct({ stopped: Schema.Boolean })
  })
    .annotate(Contract.Deadline, Duration.seconds(5))
    .annotate(Contract.Idempotent, true)
    .annotate(Contract.Completes, true)
) {}
