import { type ChildProcess, spawn } from "node:child_process"
import { readFileSync } from "node:fs"
import * as CodeCache from "../bundle/CodeCache.ts"
import * as Cores from "./Cores.ts"
import * as NodeFlags from "./NodeFlags.ts"

/** A process of this program that serves; the shop in one process has sent its first page. */
export const start = async (name: string, node: string, file: string, cores: string | undefined) => {
  const [program = "", ...args] = Cores.pinned(cores, [node, ...(name === "station" ? NodeFlags.ofStart : []), file])
  const child = spawn(program, args, {
    env: { ...CodeCache.alone, PATH: process.env["PATH"] },
    stdio: ["ignore", "pipe", "ignore"]
  })
  const port = await new Promise<number>((resolve, reject) => {
    let text = ""
    child.stdout.on("data", (chunk: Buffer) => {
      const [, port] = /"serving".*"port":(\d+)/.exec((text += chunk.toString())) ?? []
      if (port !== undefined) resolve(Number(port))
    })
    child.once("exit", () => reject(new Error(`${name} ended: ${text}`)))
  })
  if (name === "station") await (await fetch(`http://127.0.0.1:${port}/`)).text()
  return child
}

/** Ends it at once. */
export const end = (child: ChildProcess) => child.removeAllListeners("exit").kill("SIGKILL")

/** Its resident memory, in megabytes. */
export const memoryOf = ({ pid }: ChildProcess): number => {
  const [, kilobytes = "0"] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? []
  return Number(kilobytes) / 1024
}
