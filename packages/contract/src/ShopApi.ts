import type * as Headers from "@effect/platform/Headers"
import { Rpc, RpcGroup } from "@effect/rpc"
import { Cart, type CartItem } from "@retro/domain/Cart"
import type { ProductId, UserId } from "@retro/domain/Ids"
import * as Json from "@retro/domain/Json"
import { Cause, Context, Effect, type Layer, Schema } from "effect"
import * as CallContext from "./CallContext.ts"
import { CartService } from "./CartService.ts"
import { CheckoutService } from "./CheckoutService.ts"
import { BadRequest, CallFailed, type Contract, PeerRefused } from "./Contract.ts"
import { CurrencyService } from "./CurrencyService.ts"
import * as Fields from "./Fields.ts"
import { ProductCatalogService, ProductNotFound } from "./ProductCatalogService.ts"
import { ShippingService } from "./ShippingService.ts"

/**
 * An rpc as programs outside the shop may call it: JSON in place of bytes, the same typed errors, and no `userId`, which
 * the session says. `success` replaces an answer that says more than its caller should know; `error` adds to the errors.
 */
const open = <Self, R extends Rpc.Any, const T extends Rpc.Tag<R>, A = never, I = never, E = never>(
  contract: Contract<Self, R>,
  tag: T,
  { error, success }: { readonly success?: Schema.Schema<A, I>; readonly error?: Schema.Schema<E, any> } = {}
): Rpc.Rpc<
  T,
  Schema.Schema<Omit<PayloadOf<R, T>["Type"], "userId">, Json.JsonOf<Omit<PayloadOf<R, T>["Encoded"], "userId">>>,
  [A] extends [never]
    ? Schema.Schema<SuccessOf<R, T>["Type"], Json.JsonOf<SuccessOf<R, T>["Encoded"]>>
    : Schema.Schema<A, Json.JsonOf<I>>,
  Schema.Schema<ErrorOf<R, T>["Type"] | E | BadRequest | PeerRefused | CallFailed, unknown>
> => {
  const rpc: any = contract.group.requests.get(tag)
  return Rpc.make(tag, {
    payload: Json.codec(withoutUser(rpc.payloadSchema)),
    success: Json.codec(success ?? rpc.successSchema),
    error: Schema.Union(Json.codec(rpc.errorSchema), error ?? Schema.Never, BadRequest, PeerRefused, CallFailed)
  }) as any
}

const withoutUser = (payload: any): Schema.Schema.AnyNoContext =>
  payload.fields?.userId === undefined ? payload : payload.omit("userId")

type Named<R, T> = Extract<R, { readonly _tag: T }>
type PayloadOf<R, T> = Named<R, T> extends Rpc.Rpc<infer _T, infer P, infer _S, infer _E, infer _M> ? P : never
type SuccessOf<R, T> = Named<R, T> extends Rpc.Rpc<infer _T, infer _P, infer S, infer _E, infer _M> ? S : never
type ErrorOf<R, T> = Named<R, T> extends Rpc.Rpc<infer _T, infer _P, infer _S, infer E, infer _M> ? E : never

const opened = [
  [ProductCatalogService, ["listProducts", "searchProducts", "getProduct"]],
  [CurrencyService, ["getSupportedCurrencies", "convert"]],
  [CartService, ["addItem", "setQuantity", "emptyCart", "getCart"]],
  [ShippingService, ["getQuote", "getTracking"]],
  [CheckoutService, ["placeOrder", "getOrder", "listOrders"]]
] as const

/** The shop for programs: newline-delimited JSON over HTTP, at `/rpc` of the website, under the rules of its sessions. */
export const ShopApi = RpcGroup.make(
  open(ProductCatalogService, "listProducts"),
  open(ProductCatalogService, "searchProducts"),
  open(ProductCatalogService, "getProduct"),
  open(CurrencyService, "getSupportedCurrencies"),
  open(CurrencyService, "convert"),
  open(CartService, "addItem", { error: ProductNotFound }),
  open(CartService, "setQuantity", { error: ProductNotFound }),
  open(CartService, "emptyCart"),
  open(CartService, "getCart", { success: Schema.Struct({ items: Cart.fields.items, version: Cart.fields.version }) }),
  open(ShippingService, "getQuote"),
  open(ShippingService, "getTracking"),
  open(CheckoutService, "placeOrder"),
  open(CheckoutService, "getOrder"),
  open(CheckoutService, "listOrders")
)

/** The services that answer the {@link ShopApi}. */
export type Services = Context.Tag.Identifier<(typeof opened)[number][0]>

/** A defect as a client learns of it: that there was one. */
const Defect = Schema.transform(Schema.String, Schema.Unknown, {
  strict: true,
  decode: (text) => text,
  encode: () => "internal error"
})

/**
 * The same rpcs as the server takes them: any payload, so that one which is no message of its contract is answered as
 * `BadRequest` with its fields, and defects that stay at home.
 */
export const Served = RpcGroup.make(
  ...Array.from(ShopApi.requests.values(), (rpc) =>
    Rpc.make(rpc._tag, {
      payload: Schema.Unknown,
      success: rpc.successSchema,
      error: rpc.errorSchema,
      defect: Defect
    })
  )
)

/** Where a call comes from and what becomes of its defects. */
export interface Edge {
  readonly userOf: (headers: Headers.Headers) => UserId
  readonly report: (tag: string, cause: Cause.Cause<unknown>) => Effect.Effect<void>
}

/** Hands each call to its service, as the user whose headers it came with. */
export const handlers = (edge: Edge): Layer.Layer<Rpc.ToHandler<RpcGroup.Rpcs<typeof Served>>, never, Services> => {
  const byTag = Effect.map(Effect.context<Services>(), (context) =>
    Object.fromEntries(
      opened.flatMap(([contract, tags]) => {
        const service: any = Context.unsafeGet(context, contract as any)
        const guards: Guards = guardsOf(Context.get(context, ProductCatalogService))
        return tags.map((tag) => [tag, handler(tag, service[tag], edge, guards[tag])])
      })
    )
  )
  return Served.toLayer(byTag as any) as any
}

type Guards = { readonly [tag: string]: ((payload: any) => Effect.Effect<unknown, unknown>) | undefined }

/** What must hold before a call: only what is on sale goes into a cart. */
const guardsOf = (catalog: typeof ProductCatalogService.Service): Guards => ({
  addItem: ({ item }: { readonly item: CartItem }) => catalog.getProduct({ id: item.productId }),
  setQuantity: ({ productId, quantity }: { readonly productId: ProductId; readonly quantity: number }) =>
    quantity === 0 ? Effect.void : catalog.getProduct({ id: productId })
})

/** How long one call may take, all its calls together. */
const budget = "20 seconds"

const handler = (
  tag: string,
  call: (payload: unknown) => Effect.Effect<unknown, unknown>,
  edge: Edge,
  guard: Guards[string] = () => Effect.void
) => {
  const rpc: any = ShopApi.requests.get(tag)
  const decode = Schema.decodeUnknown(rpc.payloadSchema as Schema.Schema<unknown, unknown>, { errors: "all" })
  return (payload: unknown, { headers }: { readonly headers: Headers.Headers }) =>
    decode(payload).pipe(
      Effect.mapError((error) => new BadRequest({ fields: Fields.of(error) })),
      Effect.tap(guard),
      Effect.flatMap((request) =>
        call(request === undefined ? undefined : { ...request, userId: edge.userOf(headers) })
      ),
      Effect.tapErrorCause((cause) => (Cause.isFailure(cause) ? Effect.void : edge.report(tag, cause))),
      CallContext.within(budget)
    )
}
