/** What the bench asks the processes that it starts, and what they answer. */
export interface Questions {
  /** What the process has used since it began. */
  readonly usage: { readonly input: null; readonly output: Usage }
  /** Begins to sample the stack. */
  readonly profileStart: { readonly input: null; readonly output: null }
  /** Ends that and writes the .cpuprofile file. */
  readonly profileStop: { readonly input: string; readonly output: null }
  /** Asks over and over, a fixed number at once, for a while. */
  readonly load: { readonly input: Load; readonly output: Answers }
  /** Asks at a rate, whether or not the answers keep up. */
  readonly flood: { readonly input: Flood; readonly output: Flooded }
}

export interface Usage {
  /** CPU time of all threads, in microseconds. */
  readonly cpu: number
  /** Bytes. */
  readonly rss: number
  /** How long its first thread was ready to run while another had the core, in microseconds; 0 where nobody counts it. */
  readonly waited: number
}

/** Stands for a key that is used once, in a request. */
export const anyKey = "00000000-0000-4000-8000-000000000000"

/** A closed loop, where no rate is given: every connection or stream sends its next request when it has its answer. */
export interface Load {
  readonly port: number
  readonly millis: number
  readonly concurrency: number
  /** For gRPC: the caller samples one in so many traces; each, where it is not given. */
  readonly sampledOneIn?: number
  /**
   * For HTTP: what to send, in turn; or several that are sent one after the other and count as one. Where they have
   * {@link anyKey} in them, each time another key stands there.
   */
  readonly requests?: ReadonlyArray<string | ReadonlyArray<string>>
  /** For HTTP: how many requests are due in a second, whether or not the server keeps up. */
  readonly rate?: number
  /** At a rate: the process whose core has to be its own for a latency to count. */
  readonly pid?: number
}

/** What a load was answered; latencies in milliseconds. */
export interface Answers {
  readonly operations: number
  /** Answers that were not the expected ones. */
  readonly failures: number
  readonly seconds: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
  /** At a rate: 99 of 100 that found a free connection were sent within so many milliseconds of being due. */
  readonly late: number
  /** At a rate: the part of the time in which the load itself did not run, so that nothing was due. */
  readonly slept: number
  /** At a rate: the part of the answers whose latency does not count, since others had a core. */
  readonly disturbed: number
}

/** An open loop: requests are due at fixed times, whether or not the server keeps up. */
export interface Flood {
  readonly port: number
  readonly millis: number
  /** The beginning, in milliseconds, in which the server finds out: it is judged by itself. */
  readonly atFirst: number
  readonly perSecond: number
  /** The heads to send, in turn. */
  readonly requests: ReadonlyArray<string>
}

/** What became of the requests of an open loop; latencies in milliseconds, from when a request was due. */
export interface Flooded {
  /** With 200. */
  readonly served: Rate
  /** With 503. */
  readonly refused: Rate
  /** Of those, how long the slowest of twenty that were due at first took. */
  readonly refusedAtFirst: number
  /** With anything else, and broken connections. */
  readonly failures: number
  /** Not answered a second after the last was due. */
  readonly unanswered: number
  /** 99 of 100 requests found a free connection, and were sent, within so many milliseconds of being due. */
  readonly late: number
}

export interface Rate {
  readonly perSecond: number
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly max: number
}

export type Name = keyof Questions
export type Input<N extends Name> = Questions[N]["input"]
export type Output<N extends Name> = Questions[N]["output"]

export interface Question<N extends Name = Name> {
  readonly id: number
  readonly name: N
  readonly input: Input<N>
}

export interface Answer<N extends Name = Name> {
  readonly id: number
  readonly output: Output<N>
}

type Answering = { readonly [N in Name]?: (input: Input<N>) => Output<N> | Promise<Output<N>> }

/** Answers these questions in a process that the bench started. Others are somebody else's in the same process. */
export const answer = (answers: Answering): void => {
  process.on("message", ({ id, input, name }: Question) => {
    const known = answers[name] as ((input: unknown) => Output<Name> | Promise<Output<Name>>) | undefined
    if (known === undefined) return
    void Promise.resolve(known(input)).then((output) => process.send?.({ id, output } satisfies Answer))
  })
}
