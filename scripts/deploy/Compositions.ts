import { readdirSync } from "node:fs"
import type { Composition } from "./Render.ts"

const kubernetes = "deploy/kubernetes"
const base = `${kubernetes}/base`
const component = (name: string) =>
  /^(istio|observability)\//.test(name) ? `deploy/${name}` : `${kubernetes}/components/${name}`

/** What the base is used with: every component alone where that makes sense, and the sets that belong together. */
const sets: ReadonlyArray<ReadonlyArray<string>> = [
  ["canary"],
  ["gateway-api"],
  ["headless"],
  ["hpa"],
  ["istio"],
  ["loadgenerator"],
  ["memory-cart"],
  ["network-policies"],
  ["observability"],
  ["loadgenerator", "without-loadgenerator"],
  ["network-policies", "smtp"],
  ["canary", "istio", "istio/canary"],
  ["network-policies", "smtp", "istio", "istio/smtp"],
  ["network-policies", "observability", "observability/network-policies"],
  ["canary", "istio", "observability", "observability/istio"],
  ["memory-cart", "loadgenerator", "network-policies"],
  ["hpa", "loadgenerator", "network-policies", "istio"],
  ["hpa", "headless", "network-policies", "gateway-api"]
]

const foldersIn = (path: string): ReadonlyArray<string> =>
  readdirSync(path, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))

/** Every composition that must render and hold: each overlay, the base, and the base with sets of components. */
export const all = (): ReadonlyArray<Composition> => [
  ...foldersIn(`${kubernetes}/overlays`).map((overlay) => ({ resource: `${kubernetes}/overlays/${overlay}` })),
  { resource: base },
  ...sets.map((set) => ({ resource: base, components: set.map(component) }))
]

/** Components that no set names, and so nobody checks. */
export const forgotten = (): ReadonlyArray<string> =>
  foldersIn(`${kubernetes}/components`).filter((name) => !sets.some((set) => set.includes(name)))
