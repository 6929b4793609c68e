import { EmailService } from "@retro/contract/EmailService"
import * as GrpcServer from "@retro/grpc/GrpcServer"
import * as Outcomes from "@retro/outcomes/Outcomes"
import * as Process from "@retro/process/Process"
import * as Variable from "@retro/process/Variable"
import { Layer } from "effect"
import * as Email from "./src/Email.ts"
import * as Mailer from "./src/Mailer.ts"
import * as Smtp from "./src/Smtp.ts"

const mailer = Variable.choose("SMTP_URL", {
  set: Smtp.layerSmtp,
  unset: Mailer.layerCaptured,
  meaning: "mails are kept in memory and not sent"
})

GrpcServer.layer(EmailService).pipe(
  Layer.provide(Email.layer),
  Layer.provide([mailer, Outcomes.layerMemory]),
  Process.launch("emailservice")
)
