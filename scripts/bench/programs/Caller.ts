// Calls Convert with our client.
import { CurrencyService } from "@retro/contract/CurrencyService"
import * as GrpcClient from "@retro/grpc/GrpcClient"
import * as Calling from "./Calling.ts"

Calling.answerWith((address) => GrpcClient.layer(CurrencyService, address))
