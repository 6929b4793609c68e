import { PaymentService } from "@retro/contract/PaymentService"
import * as GrpcServer from "@retro/grpc/GrpcServer"
import { Readiness } from "@retro/grpc/Readiness"
import * as OutcomesFile from "@retro/outcomes/OutcomesFile"
import * as OutcomesMemory from "@retro/outcomes/OutcomesMemory"
import * as OutcomesRedis from "@retro/outcomes/OutcomesRedis"
import * as Persistence from "@retro/process/Persistence"
import * as FaultFlags from "@retro/process/FaultFlags"
import * as Process from "@retro/process/Process"
import * as Variable from "@retro/process/Variable"
import * as Redis from "@retro/redis/Redis"
import { Layer } from "effect"
import * as CardFingerprint from "./src/CardFingerprint.ts"
import * as Payment from "./src/Payment.ts"
import * as PaymentGateway from "./src/PaymentGateway.ts"

const fingerprint = Variable.choose("PII_KEY", {
  set: CardFingerprint.layerConfig,
  unset: CardFingerprint.layerRandom,
  meaning: "fingerprints of cards mean nothing after this process",
  requiredInProduction: true
})

/** Not SERVING while Redis does not answer. */
const readiness = Layer.effect(Readiness, Redis.answers)

/** What outlives this process tells cards apart only if the next one knows the key too. */
const outcomes = Persistence.choose({
  redis: Layer.mergeAll(OutcomesRedis.layerRedis, readiness, CardFingerprint.layerConfig).pipe(
    Layer.provide(Redis.layerConfig)
  ),
  file: Layer.merge(OutcomesFile.layerConfig("paymentservice"), CardFingerprint.layerConfig),
  memory: Layer.merge(OutcomesMemory.layerMemory, fingerprint),
  meaning: "what was charged is remembered in memory and forgotten with this process"
})

GrpcServer.layer(PaymentService).pipe(
  Layer.provide(FaultFlags.layer(PaymentService, Payment.layer)),
  Layer.provide(PaymentGateway.layerMock),
  Layer.provide(outcomes),
  Process.launch("paymentservice")
)
