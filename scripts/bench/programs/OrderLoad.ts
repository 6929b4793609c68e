// Fills carts and places orders over gRPC, at the checkout of the port that it is given.
import { CartService } from "@retro/contract/CartService"
import { CheckoutService } from "@retro/contract/CheckoutService"
import * as GrpcClient from "@retro/grpc/GrpcClient"
import { Layer, ManagedRuntime } from "effect"
import { answer } from "../Ipc.ts"
import * as Ordering from "../Ordering.ts"

const runtimes = new Map<number, ManagedRuntime.ManagedRuntime<CartService | CheckoutService, unknown>>()

const runtimeOf = (port: number) => {
  const known = runtimes.get(port)
  if (known !== undefined) return known
  const fresh = ManagedRuntime.make(
    Layer.merge(
      GrpcClient.layerConfig(CartService, "CART_SERVICE_ADDR"),
      GrpcClient.layer(CheckoutService, `127.0.0.1:${port}`)
    )
  )
  runtimes.set(port, fresh)
  return fresh
}

answer({ load: ({ port, ...load }) => runtimeOf(port).runPromise(Ordering.load(load)) })
