import { ConfigProvider, Layer } from "effect"
import { type Tier, tiers } from "./Tiers.ts"

/**
 * The configuration of a tier: the process's environment, and where it says nothing the tier's port and
 * "localhost:<port>" for the others. A variable that is empty counts as not set.
 */
export const layer = (tier: Tier): Layer.Layer<never> => Layer.setConfigProvider(provider(tier, process.env))

/** The same for any environment. */
export const provider = (
  tier: Tier,
  environment: Readonly<Record<string, string | undefined>>
): ConfigProvider.ConfigProvider => {
  const variables = new Map<string, string>([["PORT", String(tiers[tier].port)]])
  for (const { address, port } of Object.values(tiers)) variables.set(address, `localhost:${port}`)
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined && value !== "") variables.set(name, value)
  }
  return ConfigProvider.fromMap(variables, { pathDelim: "_" })
}
