// Calls Convert with grpc-js and nothing of ours around it: the base that our client is compared with.
import * as grpc from "@grpc/grpc-js"
import { CurrencyService } from "@retro/contract/CurrencyService"
import { answer } from "../Ipc.ts"
import * as Amounts from "./Amounts.ts"
import * as Stopwatch from "./Stopwatch.ts"

const method = CurrencyService.wire["convert"]!
const deadline = 2000
let client: grpc.Client | undefined

const keepCalling = (client: grpc.Client, watch: Stopwatch.Stopwatch): Promise<void> =>
  new Promise((resolve) => {
    const next = (): void => {
      if (watch.isOver()) return resolve()
      const sent = performance.now()
      client.makeUnaryRequest(
        method.path,
        method.requestSerialize,
        method.responseDeserialize,
        Amounts.request,
        new grpc.Metadata(),
        { deadline: Date.now() + deadline },
        (error, response) => {
          watch.answered(sent, error === null && response?.units === Amounts.response.units)
          next()
        }
      )
    }
    next()
  })

answer({
  load: async ({ concurrency, millis, port }) => {
    const connected = (client ??= new grpc.Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), {
      "grpc.service_config_disable_resolution": 1
    }))
    const watch = Stopwatch.start(millis)
    await Promise.all(Array.from({ length: concurrency }, () => keepCalling(connected, watch)))
    return watch.result()
  }
})
