import { PaymentService } from "@retro/contract/PaymentService"
import * as GrpcServer from "@retro/grpc/GrpcServer"
import * as Outcomes from "@retro/outcomes/Outcomes"
import * as Process from "@retro/process/Process"
import * as Variable from "@retro/process/Variable"
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

GrpcServer.layer(PaymentService).pipe(
  Layer.provide(Payment.layer),
  Layer.provide(PaymentGateway.layerMock),
  Layer.provide(fingerprint),
  Layer.provide(Outcomes.layerMemory),
  Process.launch("paymentservice")
)
