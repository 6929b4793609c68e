import { HttpServer } from "@retro/frontend/HttpServer"
import { Console, Effect, Layer } from "effect"

/** Says where the shop is, once it can be visited, and what of it will not last. */
export const layer = Layer.effectDiscard(
  Effect.flatMap(HttpServer, ({ port }) =>
    Console.log(`
  Retro Station is open

    shop      http://localhost:${port}
    mailbox   http://localhost:${port}/dev/mail   (every e-mail ends up here)
    journal   http://localhost:${port}/dev/journal   (how orders go on behind the pages)
    faults    http://localhost:${port}/dev/faults   (what should go wrong)
    traces    http://localhost:${port}/dev/traces   (what the last requests did)
    memory    carts, orders, payments, parcels and mail live in this process and end with it

  Ctrl-C closes the shop.
`)
  )
)
