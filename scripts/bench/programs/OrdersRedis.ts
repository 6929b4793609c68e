// Orders with their journals in a Redis.
import * as JournalStoreRedis from "@retro/checkoutservice/JournalStoreRedis"
import * as Redis from "@retro/redis/Redis"
import { ConfigProvider, Layer } from "effect"
import * as Ordering from "../Ordering.ts"

Ordering.answerWith((port) =>
  JournalStoreRedis.layerRedis().pipe(
    Layer.provide(Redis.layerConfig),
    Layer.provide(Layer.setConfigProvider(ConfigProvider.fromMap(new Map([["REDIS_ADDR", `127.0.0.1:${port}`]]))))
  )
)
