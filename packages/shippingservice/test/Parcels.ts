import { Address, Destination } from "@retro/domain/Address"
import { CartItem } from "@retro/domain/Cart"
import { IdempotencyKey, ProductId } from "@retro/domain/Ids"

const parts = {
  recipient: "Ada Canary",
  streetAddress: "1 Canary Wharf",
  city: "Springfield",
  state: "OR",
  postalCode: "01234",
  country: "US"
}

export const address = (changed: Partial<typeof parts> = {}) => new Address({ ...parts, ...changed })

export const destination = (country: string) =>
  new Destination({ recipient: "", streetAddress: "", city: "", state: "", postalCode: "", country })

/** Lines of these quantities. */
export const items = (...quantities: ReadonlyArray<number>) =>
  quantities.map((quantity, index) => new CartItem({ productId: ProductId.make(`GAME${index}`), quantity }))

export const idempotencyKey = IdempotencyKey.make("order-0001")
