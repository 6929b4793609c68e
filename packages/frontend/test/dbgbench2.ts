import { Effect, Runtime } from "effect"
import * as HomePage from "../src/views/HomePage.ts"
import * as Tiers from "./Tiers.ts"
const products = Array.from({ length: 36 }, (_, i) => ({ product: { ...Tiers.games[i % 6]!, id: "G" + i } as never, price: Tiers.usd(1999) }))
const chrome: any = { asset: (n: string) => "/static/" + n, origin: "", here: "/", currency: { selected: "EUR", options: ["USD", "EUR", "CAD", "JPY"].map((code) => ({ code, label: code })) }, theme: "auto", cartSize: 1, searchText: "", development: false, footer: { requestId: "1", sessionHash: "2", version: "3" } }
const time = (name: string, f: () => unknown, n = 3000) => { for (let i = 0; i < 500; i++) f(); const c = process.cpuUsage(); for (let i = 0; i < n; i++) f(); const u = process.cpuUsage(c); console.log(name, ((u.user + u.system) / n).toFixed(1)) }
time("view", () => String(HomePage.view(chrome, { products })))
import { format } from "@retro/domain/Money"
time("36 formats", () => products.map((p) => format(p.price)))
import { createHmac } from "node:crypto"
time("hmac", () => createHmac("sha256", "k".repeat(40)).update("abc").digest())
import { randomUUID } from "node:crypto"
time("uuid", () => randomUUID())
const rt = Runtime.defaultRuntime
const run = Runtime.runFork(rt)
let keys = products.map(p => p.price)
import { toNanos } from "@retro/domain/Money"
time("36 keys", () => keys.map((p) => `${p.currencyCode}${toNanos(p)}`))
time("ref: JSON loop", () => JSON.stringify(products.map(p => (p.product as any).name)))
