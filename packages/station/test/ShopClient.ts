import * as Cookies from "@effect/platform/Cookies"
import * as FetchHttpClient from "@effect/platform/FetchHttpClient"
import * as HttpClient from "@effect/platform/HttpClient"
import * as RpcClient from "@effect/rpc/RpcClient"
import * as RpcSerialization from "@effect/rpc/RpcSerialization"
import { ShopApi } from "@retro/contract/ShopApi"
import { Effect, Layer, Ref } from "effect"

/** The shop at this address as one function per rpc; its session is kept in cookies, as a browser keeps it. */
export const make = Effect.fnUntraced(function* (shop: string) {
  const cookies = yield* Ref.make(Cookies.empty)
  const protocol = RpcClient.layerProtocolHttp({
    url: `${shop}/rpc`,
    transformClient: HttpClient.withCookiesRef(cookies)
  }).pipe(Layer.provide(Layer.merge(FetchHttpClient.layer, RpcSerialization.layerNdjson)))
  return yield* RpcClient.make(ShopApi).pipe(Effect.provide(yield* Layer.build(protocol)))
})
