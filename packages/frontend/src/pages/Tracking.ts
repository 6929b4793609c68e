import { ShippingService } from "@retro/contract/ShippingService"
import { TrackingId } from "@retro/domain/Ids"
import { Effect, Option, Schema } from "effect"
import * as Degradation from "../Degradation.ts"
import { PageChrome } from "../PageChrome.ts"
import * as Refused from "../Refused.ts"
import * as Response from "../Response.ts"
import { both } from "../Together.ts"
import * as TrackingPage from "../views/TrackingPage.ts"
import type { Page } from "./Page.ts"

/** Where a parcel is: for everybody who knows its number. */
export const make = Effect.gen(function* () {
  const shipping = yield* ShippingService
  const chrome = yield* PageChrome

  const show: Page = Effect.fnUntraced(function* (visit) {
    const trackingId = readId(visit.params["id"])
    if (Option.isNone(trackingId)) return yield* Refused.notFound("The carrier knows no parcel with this number.")
    const [tracking, around] = yield* both(
      Degradation.critical("parcel", shipping.getTracking({ trackingId: trackingId.value })),
      chrome.around(visit)
    )
    return Response.page(200, TrackingPage.view(around, tracking))
  })

  return { show }
})

const readId = Schema.decodeUnknownOption(TrackingId)
