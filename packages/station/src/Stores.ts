import * as CartStoreMemory from "@retro/cartservice/CartStoreMemory"
import * as Envelope from "@retro/checkoutservice/Envelope"
import * as JournalStoreMemory from "@retro/checkoutservice/JournalStoreMemory"
import * as Rates from "@retro/currencyservice/Rates"
import * as Snapshot from "@retro/currencyservice/Snapshot"
import * as Mailer from "@retro/emailservice/Mailer"
import * as OutcomesMemory from "@retro/outcomes/OutcomesMemory"
import * as CardFingerprint from "@retro/paymentservice/CardFingerprint"
import * as PaymentGateway from "@retro/paymentservice/PaymentGateway"
import * as Catalog from "@retro/productcatalogservice/Catalog"
import * as Carrier from "@retro/shippingservice/Carrier"
import { Layer } from "effect"

/** Everything that a shop in one process keeps in memory, and forgets when it ends. */
export const inMemory = Layer.mergeAll(
  CartStoreMemory.layerMemory,
  JournalStoreMemory.layerMemory,
  Envelope.layerGenerated,
  CardFingerprint.layerRandom,
  PaymentGateway.layerMock,
  Carrier.layerMock.pipe(Layer.provideMerge(OutcomesMemory.layerMemory)),
  Mailer.layerCaptured
)

/** The bundled catalogue and rates: nothing from outside. */
export const bundled = Layer.mergeAll(Catalog.layerFile, Rates.layerFixed(Snapshot.table))
