import { CartService } from "@retro/contract/CartService"
import * as GrpcServer from "@retro/grpc/GrpcServer"
import { Readiness } from "@retro/grpc/Readiness"
import * as FaultFlags from "@retro/process/FaultFlags"
import * as Process from "@retro/process/Process"
import * as Variable from "@retro/process/Variable"
import * as Redis from "@retro/redis/Redis"
import { Effect, Layer } from "effect"
import * as Cart from "./src/Cart.ts"
import { CartStore } from "./src/CartStore.ts"
import * as CartStoreMemory from "./src/CartStoreMemory.ts"
import * as CartStoreRedis from "./src/CartStoreRedis.ts"

const carts = Variable.choose("REDIS_ADDR", {
  set: Layer.provide(CartStoreRedis.layerRedis, Redis.layerConfig),
  unset: CartStoreMemory.layerMemory,
  meaning: "carts are kept in memory and end with this process"
})

/** Not SERVING while the carts cannot be reached. */
const readiness = Layer.effect(
  Readiness,
  Effect.map(CartStore, ({ check }) => Effect.isSuccess(check))
)

GrpcServer.layer(CartService).pipe(
  Layer.provide(FaultFlags.layer(CartService, Cart.layer)),
  Layer.provide(readiness),
  Layer.provide(carts),
  Process.launch("cartservice")
)
