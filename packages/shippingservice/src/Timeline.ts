import type { Stage } from "@retro/contract/ShippingService"
import { DateTime, Duration } from "effect"
import type { Parcel } from "./Carrier.ts"

/** Something that happened to a parcel. */
export interface Event {
  readonly stage: Stage
  readonly at: DateTime.Utc
}

/** How long after the label each stage comes, of a parcel that nobody stops. */
const stages: ReadonlyArray<readonly [Stage, Duration.Duration]> = [
  ["label-created", Duration.zero],
  ["picked-up", Duration.hours(6)],
  ["in-transit", Duration.days(1)],
  ["out-for-delivery", Duration.hours(72)],
  ["delivered", Duration.hours(80)]
]

/** What has happened to a parcel by now, oldest first. */
export const events = ({ acceptedAt, stoppedAt }: Parcel, now: DateTime.Utc): ReadonlyArray<Event> => {
  const until = stoppedAt === undefined ? now : DateTime.min(stoppedAt, now)
  const travelled = stages
    .map(([stage, after]) => ({ stage, at: DateTime.addDuration(acceptedAt, after) }))
    .filter(({ at }) => DateTime.lessThanOrEqualTo(at, until))
  return stoppedAt === undefined ? travelled : [...travelled, { stage: "cancelled", at: stoppedAt }]
}
