import { Rpc } from "@effect/rpc"
import { EmailAddress } from "@retro/domain/EmailAddress"
import { IdempotencyKey } from "@retro/domain/Ids"
import { Order } from "@retro/domain/Order"
import { Duration, Schema } from "effect"
import * as Contract from "./Contract.ts"
import { EmailServiceService } from "./generated/retrostation/email.ts"
import { IdempotencyKeyReused } from "./IdempotencyKeyReused.ts"
import { Failure } from "./Status.ts"

/** The mail server took no message. Nothing was sent. */
export class MailUnavailable extends Failure<MailUnavailable>()(
  "MailUnavailable",
  { grpc: "UNAVAILABLE", http: 503 },
  {}
) {}

/** Writes to shoppers, each key once. */
export class EmailService extends Contract.Tag<EmailService>()(
  "EmailService",
  EmailServiceService,
  Rpc.make("sendOrderConfirmation", {
    payload: { email: EmailAddress, order: Order, idempotencyKey: Contract.orEmpty(IdempotencyKey) },
    success: Contract.Empty,
    error: Schema.Union(MailUnavailable, IdempotencyKeyReused)
  })
    .annotate(Contract.Deadline, Duration.seconds(5))
    .annotate(Contract.Completes, true)
) {}
