import * as grpc from "@grpc/grpc-js"
import {
  HealthClient,
  HealthCheckResponse_ServingStatus as ServingStatus
} from "@retro/contract/generated/grpc/health/v1/health"
import { Effect } from "effect"

/** How long an answer may take, in milliseconds. */
const patience = 1000

/** Whether the server at `address` ("host:port") says that it takes calls. One that does not answer does not. */
export const isServing = (address: string): Effect.Effect<boolean> =>
  Effect.acquireUseRelease(
    Effect.sync(() => new HealthClient(address, grpc.credentials.createInsecure(), options)),
    (client) =>
      Effect.async<boolean>((resume) => {
        const deadline = Date.now() + patience
        const call = client.check({ service: "" }, new grpc.Metadata(), { deadline }, (_error, response) =>
          resume(Effect.succeed(response?.status === ServingStatus.SERVING))
        )
        return Effect.sync(() => call.cancel())
      }),
    (client) => Effect.sync(() => client.close())
  )

const options = { "grpc.service_config_disable_resolution": 1, "grpc.use_local_subchannel_pool": 1 }
