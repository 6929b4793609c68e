import { EmailService } from "@retro/contract/EmailService"
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
import * as Email from "./src/Email.ts"
import * as Mailer from "./src/Mailer.ts"
import * as Smtp from "./src/Smtp.ts"

const mailer = Variable.choose("SMTP_URL", {
  set: Smtp.layerSmtp,
  unset: Mailer.layerCaptured,
  meaning: "mails are kept in memory and not sent"
})

/** Not SERVING while Redis does not answer. */
const readiness = Layer.effect(Readiness, Redis.answers)

const outcomes = Persistence.choose({
  redis: Layer.provide(Layer.merge(OutcomesRedis.layerRedis, readiness), Redis.layerConfig),
  file: OutcomesFile.layerConfig("emailservice"),
  memory: OutcomesMemory.layerMemory,
  meaning: "which mails were sent is remembered in memory and forgotten with this process"
})

GrpcServer.layer(EmailService).pipe(
  Layer.provide(FaultFlags.layer(EmailService, Email.layer)),
  Layer.provide([mailer, outcomes]),
  Process.launch("emailservice")
)
