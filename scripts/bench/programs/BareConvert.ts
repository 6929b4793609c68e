// Convert as grpc-js answers it with nothing of ours around it: the base that the service is compared with.
import * as grpc from "@grpc/grpc-js"
import { CurrencyService } from "@retro/contract/CurrencyService"
import * as Amounts from "./Amounts.ts"

const server = new grpc.Server()
const handler: grpc.handleUnaryCall<typeof Amounts.request, typeof Amounts.response> = ({ request }, reply) =>
  reply(null, Amounts.convert(request))

server.addService({ convert: CurrencyService.wire["convert"]! }, { convert: handler })
server.bindAsync(`0.0.0.0:${process.env["PORT"]}`, grpc.ServerCredentials.createInsecure(), (error) => {
  if (error !== null) throw error
})
