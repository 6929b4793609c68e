// A caller of currencyservice as it must not be: see Slowly.ts.
import { CurrencyService } from "@retro/contract/CurrencyService"
import * as GrpcClient from "@retro/grpc/GrpcClient"
import * as Calling from "../Calling.ts"
import { slowly } from "./Slowly.ts"

Calling.answerWith((address) => slowly(CurrencyService, GrpcClient.layer(CurrencyService, address)))
