import { DateTime, Duration } from "effect"

const frankfurt = DateTime.zoneUnsafeMakeNamed("Europe/Berlin")

/** The European Central Bank publishes at about 16:00 Central European Time. */
const hour = 16

/** The day it is in Frankfurt: "2026-10-02". */
export const today = (now: DateTime.DateTime): string => DateTime.formatIsoDate(DateTime.setZone(now, frankfurt))

/**
 * The day of the latest table that should be out: today's from 16:00 on, else the last working day's before. The bank's
 * own holidays count as working days here: on them no table comes, and asking for it does no harm.
 */
export const latest = (now: DateTime.DateTime): string => {
  const local = DateTime.setZone(now, frankfurt)
  const day = DateTime.getPart(local, "hours") >= hour ? local : DateTime.subtract(local, { days: 1 })
  return DateTime.formatIsoDate(DateTime.subtract(day, { days: sinceWorkingDay(DateTime.getPart(day, "weekDay")) }))
}

/** How long from now until the next working day's 16:00. */
export const untilNext = (now: DateTime.DateTime): Duration.Duration => {
  const local = DateTime.setZone(now, frankfurt)
  const days = DateTime.getPart(local, "hours") >= hour ? 1 : 0
  const day = DateTime.add(local, { days })
  const next = DateTime.add(day, { days: untilWorkingDay(DateTime.getPart(day, "weekDay")) })
  const moment = DateTime.setParts(next, { hours: hour, minutes: 0, seconds: 0, millis: 0 })
  return DateTime.distanceDuration(now, moment)
}

/** Sunday is 0. */
const sinceWorkingDay = (weekDay: number): number => (weekDay === 0 ? 2 : weekDay === 6 ? 1 : 0)
const untilWorkingDay = (weekDay: number): number => (weekDay === 0 ? 1 : weekDay === 6 ? 2 : 0)
