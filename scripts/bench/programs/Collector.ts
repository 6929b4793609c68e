import { createServer } from "node:http"

// Takes whatever telemetry it is sent, and keeps nothing: its own work is in nobody's figures.
createServer((incoming, outgoing) => {
  incoming.resume()
  incoming.on("end", () => outgoing.writeHead(200, { "content-type": "application/json" }).end("{}"))
}).listen(Number(process.env["PORT"]), "127.0.0.1")
