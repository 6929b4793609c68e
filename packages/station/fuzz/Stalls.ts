import { monitorEventLoopDelay } from "node:perf_hooks"

/** How an event loop fared, in milliseconds. */
export interface Stalls {
  /** The longest time that it computed without a pause: what holds everybody up. */
  readonly busy: number
  /** The longest time that it was late, which is also how busy the machine is with others. */
  readonly late: number
}

/** How often it is looked at, in milliseconds. */
const glance = 10

/**
 * Watches the event loop of this process. Where others use the machine too it is late without having computed: a stall
 * of ours is one for which this process used the processor.
 */
export const watch = (): { readonly take: () => Stalls } => {
  const delay = monitorEventLoopDelay({ resolution: glance })
  delay.enable()
  let busy = 0
  let [last, used] = [performance.now(), process.cpuUsage()]
  const look = () => {
    const now = performance.now()
    const { system, user } = process.cpuUsage(used)
    // Other threads compute as well (they collect garbage): never more than the time that passed.
    busy = Math.max(busy, Math.min((system + user) / 1000, now - last))
    ;[last, used] = [now, process.cpuUsage()]
  }
  setInterval(look, glance)
  return {
    take: () => {
      look()
      const stalls = { busy, late: delay.max / 1e6 }
      delay.reset()
      busy = 0
      return stalls
    }
  }
}
