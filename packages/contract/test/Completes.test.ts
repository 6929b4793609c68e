import { it } from "@effect/vitest"
import { deepStrictEqual } from "@effect/vitest/utils"
import { Context } from "effect"
import { Completes } from "../src/Contract.ts"
import { contracts } from "./contracts.ts"

it("R10: what has an effect on money, parcels, e-mails or carts of an order completes without its caller", () =>
  deepStrictEqual(
    contracts
      .flatMap(({ group }) => [...group.requests.values()])
      .filter((rpc) => Context.get(rpc.annotations, Completes))
      .map(({ _tag }) => _tag)
      .sort(),
    [
      "cancelShipment",
      "charge",
      "placeOrder",
      "refund",
      "removeBought",
      "sendOrderConfirmation",
      "shipOrder",
      "tokenize",
      "void"
    ]
  ))
