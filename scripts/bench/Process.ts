import { Data, Effect, Schedule, type Scope } from "effect"
import { type ChildProcess, spawn } from "node:child_process"
import { connect } from "node:net"
import * as Cores from "./Cores.ts"
import type * as Ipc from "./Ipc.ts"

/** A process that the bench started, and can ask. */
export interface Process {
  readonly name: string
  readonly pid: number
  /** Fails when it ends. */
  readonly ended: Effect.Effect<never, ProcessEnded>
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
  /** What node is told before the program. */
  readonly flags: ReadonlyArray<string>
  readonly environment?: Readonly<Record<string, string>>
}

/** Starts a process that lives as long as the scope. */
export const start = (command: Command): Effect.Effect<Process, never, Scope.Scope> =>
  Effect.map(
    Effect.acquireRelease(
      Effect.sync(() => launch(command)),
      stop
    ),
    (child) => conversation(command, child)
  )

/** Starts one and waits until it listens. */
export const startServer = (command: Command, port: number) =>
  Effect.tap(start({ ...command, environment: { ...command.environment, PORT: String(port) } }), ({ ended }) =>
    Effect.raceFirst(listening(command.name, port), ended)
  )

/** Waits until somebody listens on this port of this machine. */
export const listening = (name: string, port: number): Effect.Effect<void, NotListening> =>
  Effect.async<void, NotListening>((resume) => {
    const socket = connect(port, "127.0.0.1", () => resume(Effect.void))
    socket.once("connect", () => socket.destroy())
    socket.once("error", () => resume(Effect.fail(new NotListening({ name, port }))))
    return Effect.sync(() => socket.destroy())
  }).pipe(Effect.retry(patiently))

const patiently = Schedule.intersect(Schedule.spaced("100 millis"), Schedule.recurs(300))

interface Child {
  readonly node: ChildProcess
  readonly lastLines: () => string
}

const launch = ({ cores, environment, file, flags, meter }: Command): Child => {
  const [program = "", ...args] = Cores.pinned(cores, [process.execPath, ...flags, "--import", meter, file])
  const node = spawn(program, args, {
    env: { ...process.env, LOG_LEVEL: "warning", ...environment },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    detached: true
  })
  Cores.prefer(node.pid)
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
  const howItEnded = () =>
    new ProcessEnded({ name, how: node.signalCode ?? `exit code ${node.exitCode}`, output: lastLines() })
  const ended = Effect.async<never, ProcessEnded>((resume) => {
    const tell = () => resume(Effect.fail(howItEnded()))
    if (node.exitCode !== null || node.signalCode !== null) return tell()
    node.once("exit", tell)
    return Effect.sync(() => node.off("exit", tell))
  })
  let asked = 0
  const ask = <N extends Ipc.Name>(question: N, input: Ipc.Input<N>) =>
    Effect.async<Ipc.Output<N>>((resume) => {
      const id = asked++
      const heard = (answer: Ipc.Answer<N>) => {
        if (answer.id !== id) return
        node.off("message", heard)
        resume(Effect.succeed(answer.output))
      }
      node.on("message", heard)
      if (node.connected) node.send({ id, name: question, input } satisfies Ipc.Question)
      return Effect.sync(() => node.off("message", heard))
    })
  return { name, pid: node.pid ?? 0, ended, ask: (question, input) => Effect.raceFirst(ask(question, input), ended) }
}
