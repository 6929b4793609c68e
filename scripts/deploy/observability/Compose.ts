import { tiers } from "@retro/process/Tiers"
import { told } from "./Kustomizations.ts"
import { all, type Watcher, watchers } from "./Watchers.ts"

const service = ({ args, files, image, memory, scratch, user }: Watcher) => ({
  image,
  user: `${user}:${user}`,
  restart: "unless-stopped",
  read_only: true,
  cap_drop: ["ALL"],
  security_opt: ["no-new-privileges:true"],
  mem_limit: memory[1].replace("Mi", "m"),
  pids_limit: 200,
  ...(args === undefined ? {} : { command: args }),
  volumes: Object.entries(files).flatMap(([folder, paths]) =>
    paths.map((path) => `./observability/${path}:${folder}/${path.slice(path.lastIndexOf("/") + 1)}:ro`)
  ),
  ...(scratch === undefined ? {} : { tmpfs: scratch.map((folder) => `${folder}:mode=1777`) })
})

/** To be looked at from this machine, and from no other. */
const open = ({ ports }: Watcher) => {
  const { "http-web": port } = ports
  return port === undefined ? {} : { ports: [`127.0.0.1:${port}:${port}`] }
}

/** What watches the shop, beside `deploy/compose.yaml`: every tier is told where the collector is. */
export const make = () => ({
  services: {
    ...Object.fromEntries(
      Object.keys(tiers).map((tier) => [tier, { environment: told, depends_on: [watchers.collector.name] }])
    ),
    ...Object.fromEntries(all.map((watcher) => [watcher.name, { ...service(watcher), ...open(watcher) }]))
  }
})
