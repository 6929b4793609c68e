import { Effect, Schedule } from "effect"
import { execFile } from "node:child_process"

/** The one container of a pod that `podman kube play` made, by the name of its workload. */
export interface Pod {
  readonly name: string
  /** SIGKILL, from outside; succeeds when podman has started its program again. */
  readonly kill: Effect.Effect<void>
  /** Takes memory in the container until the kernel ends its program; succeeds when podman has started that again. */
  readonly exhaust: Effect.Effect<void>
  /** Asks it to stop; succeeds with what its program ended with. */
  readonly stop: Effect.Effect<number>
  readonly start: Effect.Effect<void>
  /** Nothing comes out of its network or into it, until it is connected again; nobody is told. */
  readonly cutOff: Effect.Effect<void>
  readonly connect: Effect.Effect<void>
  /** All that it wrote, in each of its lives. */
  readonly lines: Effect.Effect<ReadonlyArray<string>>
}

/** The pod of a workload whose container has that name. */
export const make = (workload: string, containerName: string): Pod => {
  const container = `${workload}-pod-0-${containerName}`
  const inspect = (field: string) =>
    Effect.map(run("podman", "inspect", container, "--format", `{{.State.${field}}}`), ({ stdout }) => Number(stdout))
  const pid = inspect("Pid")
  const link = (state: "up" | "down") =>
    Effect.flatMap(pid, (pid) => run("nsenter", "--target", `${pid}`, "--net", "ip", "link", "set", "eth0", state))
  /** Ends its program, and waits for the next. */
  const ended = (how: (pid: string) => Effect.Effect<unknown, Error>) =>
    Effect.flatMap(pid, (old) =>
      Effect.zipRight(
        how(`${old}`),
        Effect.repeat(pid, { until: (now) => now !== old && now !== 0, schedule: Schedule.spaced("100 millis") })
      )
    )
  return {
    name: workload,
    kill: done(ended((pid) => run("kill", "-KILL", pid))),
    // What the kernel ends is the program of the pod, not the one that takes the memory.
    exhaust: done(
      ended((pid) =>
        Effect.zipRight(
          run("choom", "--pid", pid, "--adjust", "1000"),
          Effect.ignore(run("podman", "exec", container, "node", "-e", hungry))
        )
      )
    ),
    stop: Effect.orDie(Effect.zipRight(run("podman", "stop", "--time", "20", container), inspect("ExitCode"))),
    start: done(run("podman", "start", container)),
    cutOff: done(link("down")),
    connect: done(link("up")),
    lines: Effect.orDie(
      Effect.map(run("podman", "logs", container), ({ stderr, stdout }) => `${stdout}${stderr}`.split("\n"))
    )
  }
}

const hungry = "const taken = []; for (;;) taken.push(Buffer.alloc(16_777_216, 1))"

const done = (effect: Effect.Effect<unknown, Error>): Effect.Effect<void> => Effect.asVoid(Effect.orDie(effect))

/** Runs a program to its end; fails unless that is a good one. */
const run = (program: string, ...args: ReadonlyArray<string>) =>
  Effect.async<{ readonly stdout: string; readonly stderr: string }, Error>((resume) => {
    execFile(program, args, { maxBuffer: 2 ** 28 }, (error, stdout, stderr) => {
      resume(error === null ? Effect.succeed({ stdout, stderr }) : Effect.fail(error))
    })
  })
