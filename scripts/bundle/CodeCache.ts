import { tiers } from "@retro/process/Tiers"
import { fork } from "node:child_process"
import { once } from "node:events"
import { resolve } from "node:path"

/** What a tier needs to start by itself: nobody is at these addresses, and none is asked for anything. */
export const alone: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.values(tiers).map(({ address }) => [address, "127.0.0.1:9"])),
  RATES: "snapshot",
  LOG_FORMAT: "json",
  PORT: "0"
}

/** What an image gives node before its program: nothing, as most flags have node compile its own modules again, for 20 ms. */
export const flagsOfImages: ReadonlyArray<string> = []

/**
 * Starts the bundle in this folder and keeps beside it what V8 compiled until it served: a third of a start is compiling.
 * It is of use to the same V8 with the same flags on the same kind of processor; any other compiles the text as if nothing
 * had been kept.
 */
export const write = async (folder: string, node = process.execPath, flags = flagsOfImages): Promise<void> => {
  const child = fork(new URL("CompileAhead.mjs", import.meta.url), [resolve(folder, "main.cjs")], {
    execPath: node,
    execArgv: [...flags],
    env: alone,
    stdio: ["ignore", "pipe", "inherit", "ipc"]
  })
  child.stdout?.on("data", (lines) => String(lines).includes('"message":"serving"') && child.send("serving"))
  const [code] = await once(child, "exit")
  if (code !== 0) throw new Error(`${folder} ended before it served: ${code}`)
}
