import { Rpc } from "@effect/rpc"
import { ProductId, UserId } from "@retro/domain/Ids"
import { Schema } from "effect"
import * as Contract from "./Contract.ts"
import { RecommendationServiceService } from "./generated/retrostation/recommendation.ts"

/** What else a shopper may like. */
export class RecommendationService extends Contract.Tag<RecommendationService>()(
  "RecommendationService",
  RecommendationServiceService,
  Rpc.make("listRecommendations", {
    payload: { userId: UserId, productIds: Schema.Array(ProductId).pipe(Schema.maxItems(500)) },
    success: Schema.Struct({ productIds: Schema.Array(ProductId) })
  }).annotate(Contract.Idempotent, true)
) {}
