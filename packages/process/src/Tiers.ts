/** A tier of the shop: its folder, image and Kubernetes name. */
export type Tier = keyof typeof tiers

/** Where each tier listens in its pod (`PORT`), and the variable that tells others its address ("host:port"). */
export const tiers = {
  cartservice: { port: 7070, address: "CART_SERVICE_ADDR" },
  productcatalogservice: { port: 3550, address: "PRODUCT_CATALOG_SERVICE_ADDR" },
  currencyservice: { port: 7000, address: "CURRENCY_SERVICE_ADDR" },
  paymentservice: { port: 50051, address: "PAYMENT_SERVICE_ADDR" },
  shippingservice: { port: 50051, address: "SHIPPING_SERVICE_ADDR" },
  emailservice: { port: 8080, address: "EMAIL_SERVICE_ADDR" },
  checkoutservice: { port: 5050, address: "CHECKOUT_SERVICE_ADDR" },
  recommendationservice: { port: 8080, address: "RECOMMENDATION_SERVICE_ADDR" },
  frontend: { port: 8080, address: "FRONTEND_ADDR" }
} as const
