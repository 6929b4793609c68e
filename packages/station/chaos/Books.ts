import { TrackingId, TransactionId } from "@retro/domain/Ids"
import { Effect, Schema, type Scope } from "effect"
import { createServer, type IncomingMessage } from "node:http"
import type { AddressInfo } from "node:net"
import { text } from "node:stream/consumers"
import { SMTPServer } from "smtp-server"
import { calls } from "./Outside.ts"

/** Money that moved. */
export interface Charge {
  readonly transactionId: string
  readonly amount: string
  refunded: boolean
}

/** A parcel that was handed over. */
export interface Parcel {
  readonly trackingId: string
  stopped: boolean
}

/** What issuer, carrier and mail server know: what really happened, whatever the shop says. No fault touches them. */
export interface Books {
  /** By the key they were asked under. */
  readonly charges: ReadonlyMap<string, Charge>
  readonly parcels: ReadonlyMap<string, Parcel>
  /** How often a message came, by its Message-ID. */
  readonly mails: ReadonlyMap<string, number>
  /** Where issuer and carrier are asked, and where mail is taken. */
  readonly port: number
  readonly smtpPort: number
}

/** Opens the books. Under one key money moves once and one parcel goes, as issuers and carriers promise. */
export const open: Effect.Effect<Books, never, Scope.Scope> = Effect.gen(function* () {
  const [charges, parcels, mails] = [new Map<string, Charge>(), new Map<string, Parcel>(), new Map<string, number>()]
  const answer = answering(charges, parcels)
  const server = createServer((request, response) => {
    void answerOf(request, answer).then((body) => response.end(body))
  })
  const port = yield* listening(server)
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onData: (stream, _session, done) => {
      void text(stream).then((message) => {
        const id = /^Message-ID: <(.+)@/im.exec(message)?.[1] ?? "none"
        mails.set(id, (mails.get(id) ?? 0) + 1)
        done()
      }, done)
    }
  })
  // Senders are killed in the middle of a sentence.
  smtp.on("error", () => undefined)
  const smtpPort = yield* listening(smtp.server)
  return { charges, parcels, mails, port, smtpPort }
})

const answerOf = async (request: IncomingMessage, answer: (name: string, body: string) => unknown) =>
  JSON.stringify(answer(request.url?.slice(1) ?? "", await text(request)))

const answering = (charges: Map<string, Charge>, parcels: Map<string, Parcel>) => {
  const [refusedCharges, refusedParcels] = [new Set<string>(), new Set<string>()]
  const refund = (charge: Charge) => {
    charge.refunded = true
    return TransactionId.make(`refund-of-${charge.transactionId}`)
  }
  const answers: { readonly [N in keyof typeof calls]: (body: any) => (typeof calls)[N]["answer"]["Type"] } = {
    charge: ({ amount, instrument, key }) => {
      const known = charges.get(key)
      if (known !== undefined) return { transactionId: TransactionId.make(known.transactionId) }
      if (instrument !== "approved") refusedCharges.add(key)
      if (refusedCharges.has(key)) return { transactionId: null }
      const transactionId = TransactionId.make(`charge-${charges.size + 1}`)
      charges.set(key, { transactionId, amount, refunded: false })
      return { transactionId }
    },
    refund: ({ transactionId }) => {
      const charge = [...charges.values()].find((charge) => charge.transactionId === transactionId)
      if (charge !== undefined) refund(charge)
      return { refundId: TransactionId.make(`refund-of-${transactionId}`) }
    },
    cancel: ({ key }) => {
      const charge = charges.get(key)
      refusedCharges.add(key)
      return { refundId: charge === undefined ? null : refund(charge) }
    },
    ship: ({ key }) => {
      const known = parcels.get(key)
      if (known === undefined && refusedParcels.has(key)) return { trackingId: null }
      const trackingId = TrackingId.make(known?.trackingId ?? `RS${String(parcels.size + 1).padStart(8, "0")}`)
      if (known === undefined) parcels.set(key, { trackingId, stopped: false })
      return { trackingId }
    },
    stop: ({ key }) => {
      const parcel = parcels.get(key)
      refusedParcels.add(key)
      if (parcel !== undefined) parcel.stopped = true
      return { stopped: parcel !== undefined }
    }
  }
  return (name: string, body: string): unknown => {
    const known = name as keyof typeof calls
    return answers[known](Schema.decodeUnknownSync(Schema.parseJson(calls[known].request as Schema.Schema<any>))(body))
  }
}

interface Listener {
  readonly listen: (port: number, host: string, done: () => void) => unknown
  readonly address: () => AddressInfo | string | null
  readonly close: () => unknown
}

const listening = (server: Listener): Effect.Effect<number, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.async<number>((resume) => {
      server.listen(0, "127.0.0.1", () => {
        const address = server.address()
        resume(Effect.succeed(typeof address === "object" && address !== null ? address.port : 0))
      })
    }),
    () => Effect.sync(() => server.close())
  )
