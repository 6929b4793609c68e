import { tiers } from "@retro/process/Tiers"
import { edges, outside, store } from "@retro/station/ServiceGraph"

const rpc = (path: string): string => path.slice(path.lastIndexOf("/") + 1)

/** The graph as a picture (Mermaid) and as a list, in Markdown. */
export const make = (comment: string): string => `<!-- ${comment} -->

# Who calls whom

\`\`\`mermaid
flowchart LR
  visitor([visitor]) --> frontend
  loadgenerator --> frontend
${edges.map(({ from, to }) => `  ${from} --> ${to}`).join("\n")}
${store.users.map((user) => `  ${user} --> ${store.name}[(${store.name})]`).join("\n")}
${Object.entries(outside)
  .map(([tier, { host, name }]) => `  ${tier} --> ${name}{{${host}}}`)
  .join("\n")}
\`\`\`

${edges.map(({ from, paths, to }) => `- ${from} → ${to} (port ${tiers[to].port}): ${paths.map(rpc).join(", ")}`).join("\n")}
`
