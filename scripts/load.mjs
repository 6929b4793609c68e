// Sends shoppers to a shop and fails when one of their requests does: `npm run load -- --users 20 --time 20s`, with
// `--host https://…` to any shop, with `--web` by Locust's page at http://localhost:8089.
import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"

const { values } = parseArgs({
  options: {
    users: { type: "string", default: "10" },
    time: { type: "string", default: "30s" },
    host: { type: "string", default: "http://localhost:8080" },
    web: { type: "boolean", default: false }
  }
})

const file = fileURLToPath(new URL("../packages/loadgenerator/locustfile.py", import.meta.url))
const attended = ["--web-host", "127.0.0.1"]
const unattended = ["--headless", "--only-summary", "--run-time", values.time, "--stop-timeout", "10"]
const common = ["--locustfile", file, "--host", values.host, "--users", values.users]
const { error, status } = spawnSync("locust", [...common, ...(values.web ? attended : unattended)], {
  stdio: "inherit"
})
if (error?.code === "ENOENT") {
  console.error(
    "Locust is not installed: `apt-get install python3-locust` (Debian, Ubuntu), or\n" +
      "`pip install --require-hashes -r packages/loadgenerator/requirements.txt`."
  )
} else if (error !== undefined) console.error(error.message)
process.exit(status ?? 1)
