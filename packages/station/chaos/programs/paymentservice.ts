// paymentservice as its main.ts has it in a cluster, but for the issuer: one that keeps books which no fault touches.
import { PaymentService } from "@retro/contract/PaymentService"
import * as GrpcServer from "@retro/grpc/GrpcServer"
import * as OutcomesRedis from "@retro/outcomes/OutcomesRedis"
import * as CardFingerprint from "@retro/paymentservice/CardFingerprint"
import * as Payment from "@retro/paymentservice/Payment"
import * as Process from "@retro/process/Process"
import * as Redis from "@retro/redis/Redis"
import { Layer } from "effect"
import * as Outside from "../Outside.ts"

GrpcServer.layer(PaymentService).pipe(
  Layer.provide(Payment.layer),
  Layer.provide([Outside.layerIssuer, OutcomesRedis.layerRedis, CardFingerprint.layerConfig]),
  Layer.provide(Redis.layerConfig),
  Process.launch("paymentservice")
)
