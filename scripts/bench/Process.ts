import { Data, Effect, type Scope } from "effect"
import { type ChildProcess, spawn } from "node:child_process"
import { connect } from "node:net"
import * as Cores from "./Cores.ts"
import type * as Ipc from "./Ipc.ts"

/** A process that the bench started, and can ask. */
export interface Process {
  readonly name: string
  readonly ask: <N extends Ipc.Name>(name: N, input: Ipc.Input<N>) => Effect.Effect<Ipc.Output<N>, ProcessEnded>
}

/** A process that should run has ended; `output` is what it wrote last. */
export class ProcessEnded extends Data.TaggedError("ProcessEnded")<{
  readonly name: string
  readonly how: string
  readonly output: string
}> {
  override readonly message = `${this.name} ended (${this.how})\n${this.output}`
}

/** Nobody listens at a port although its program was started long ago. */
export class NotListening extends Data.TaggedError("NotListening")<{ readonly name: string; readonly port: number }> {
  override readonly message = `${this.name} does not listen on port ${this.port}`
}

/** What to start: a bundle, on which cores, with what in its environment beside ours. */
export interface Command {
  readonly name: string
  readonly file: string
  /** The bundle of Meter.ts. */
  readonly meter: string
  readonly cores: string | undefined
  readonly environment?: Readonly<Record<string, string>>
}

/** Starts a process that lives as long as the scope. */
export const start = (command: Command): Effect.Effect<Process, never, Scope.Scope> =>
  Effect.map(Effect.acquireRelease(Effect.sync(() => launch(command)), stop), (child) => conversation(command, child))

/** Starts one and waits until it listens. */
export const startServer = (command: Command, port: number) =>
  Effect.tap(start({ ...command, environment: { ...command.environment, PORT: String(port) } }), () =>
    listening(command.name, port)
  )

/** Waits until somebody listens on this port of this machine. */
export const listening = (name: string, port: number): Effect.Effect<void, NotListening> =>
  Effect.async<void, NotListening>((resume) => {
    const socket = connect(port, "127.0.0.1", () => resume(Effect.void))
    socket.once("connect", () => socket.destroy())
    socket.once("error", () => resume(Effect.fail(new NotListening({ name, port }))))
    return Effect.sync(() => socket.destroy())
  }).pipe(Effect.retry({ schedule: patiently, times: 600 }))

const patiently = "100 millis"

interface Child {
  readonly node: ChildProcess
  readonly lastLines: () => string
}

const launch = ({ cores, environment, file, meter }: Command): Child => {
  const [program = "", ...args] = Cores.pinned(cores, [process.execPath, "--import", meter, file])
  const node = spawn(program, args, {
    env: { ...process.env, LOG_LEVEL: "warning", ...environment },
    stdio: ["ignore", "pipe", "pipe", "ipc"]
  })
  let output = ""
  const keep = (chunk: Buffer) => (output = (output + chunk.toString()).slice(-4000))
  node.stdout?.on("data", keep)
  node.stderr?.on("data", keep)
  return { node, lastLines: () => output }
}

const stop = ({ node }: Child) =>
  Effect.async<void>((resume) => {
    if (node.exitCode !== null || node.signalCode !== null) return resume(Effect.void)
    node.once("exit", () => resume(Effect.void))
    node.kill("SIGKILL")
  })

const conversation = ({ name }: Command, { lastLines, node }: Child): Process => {
  let asked = 0
  return {
    name,
    ask: (question, input) =>
      Effect.async((resume) => {
        const id = asked++
        const heard = (answer: Ipc.Answer) => {
          if (answer.id !== id) return
          silent()
          resume(Effect.succeed(answer.output as Ipc.Output<typeof question>))
        }
        const ended = () => {
          silent()
          const how = node.signalCode ?? `exit code ${node.exitCode}`
          resume(Effect.fail(new ProcessEnded({ name, how, output: lastLines() })))
        }
        const silent = () => node.off("message", heard).off("exit", ended)
        if (!node.connected) return ended()
        node.on("message", heard).on("exit", ended)
        node.send({ id, name: question, input } satisfies Ipc.Question)
        return Effect.sync(silent)
      })
  }
}
