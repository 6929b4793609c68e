import * as Redis from "@retro/redis/Redis"
import { answerStep, shown } from "./JournalStore.ts"

/**
 * What Redis runs for each operation on journals: atomic, one round trip, by the clock of Redis. Lua as text in a
 * module, so that a bundled service has it.
 *
 * A journal is on one of some shards `s`, by a hash of its id; what belongs together shares a hash tag:
 *
 * | key | type | holds |
 * |---|---|---|
 * | `journal:{s}:<id>` | hash | the fields below; expires when it has been kept long enough |
 * | `journals:{s}:unfinished` | sorted set | the ids that somebody has to work on, by the end of their lease |
 * | `journals:{s}:parked` | sorted set | the ids that wait for an operator, by when they were parked |
 * | `journals:{s}:group:<group>` | sorted set | the ids of a group, by when they were begun |
 * | `journals:{s}:latest` | sorted set | the latest ids of all groups, by when they were begun |
 *
 * | field | value |
 * |---|---|
 * | `program`, `group`, `fingerprint`, `input` | as begun |
 * | `begun` | when, in milliseconds of the Unix epoch |
 * | `owner` | the owner's token; absent: nobody's |
 * | `until` | the end of its lease, or when it may be claimed again, in milliseconds of the Unix epoch |
 * | `attempts` | how often it was taken |
 * | `parked`, `finished` | present where it is |
 * | `s:<step>` | what a step wrote |
 */
const script = (name: string, body: string) =>
  Redis.script(
    name,
    `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local key, unfinished, group = KEYS[1], KEYS[2], KEYS[3]
local id = ARGV[1]

local function take(owner, lease)
  local found = redis.call('HMGET', key, 'until', 'parked', 'finished')
  if not found[1] or found[2] or found[3] or tonumber(found[1]) > now then return { 'Busy' } end
  redis.call('HSET', key, 'owner', owner, 'until', now + lease)
  redis.call('ZADD', unfinished, now + lease, id)
  return { 'Mine', redis.call('HINCRBY', key, 'attempts', 1), redis.call('HGETALL', key) }
end

local function is_owner(owner)
  local found = redis.call('HMGET', key, 'owner', 'until', 'finished')
  return found[1] == owner and tonumber(found[2]) > now and not found[3]
end

local function write(first)
  for at = first, #ARGV, 2 do redis.call('HSET', key, 's:' .. ARGV[at], ARGV[at + 1]) end
end
${body}`
  )

/** Journal, unfinished, group, latest: id, program, group, fingerprint, input, owner, lease, retention → a claim. */
export const claim = script(
  "journal.claim",
  `
local program, group_name, fingerprint, input, owner, lease, retention = unpack(ARGV, 2)
if redis.call('EXISTS', key) == 0 then
  redis.call('HSET', key, 'program', program, 'group', group_name, 'fingerprint', fingerprint, 'input', input,
    'begun', now, 'until', now, 'attempts', 0)
  redis.call('PEXPIRE', key, retention)
  redis.call('ZREMRANGEBYSCORE', group, '-inf', now - retention)
  redis.call('ZADD', group, now, id)
  redis.call('PEXPIRE', group, retention)
  redis.call('ZADD', KEYS[4], now, id)
  redis.call('ZREMRANGEBYRANK', KEYS[4], 0, -${shown + 1})
end
local found = redis.call('HMGET', key, 'fingerprint', 's:${answerStep}', 'program')
if found[1] ~= fingerprint then return { 'Reused' } end
if found[2] then return { 'Done', found[2] } end
if found[3] ~= program then return { 'Busy' } end
return take(owner, lease)`
)

/** Journal, unfinished: id, owner, lease → a claim. */
export const resume = script("journal.resume", `return take(ARGV[2], ARGV[3])`)

/** Journal: id, owner, steps and texts one after the other → 1, or 0 where it is not the owner's any more. */
export const write = script(
  "journal.write",
  `
if not is_owner(ARGV[2]) then return 0 end
write(3)
return 1`
)

/** Journal, unfinished: id, owner, steps and texts → 1 or 0. */
export const finish = script(
  "journal.finish",
  `
if not is_owner(ARGV[2]) then return 0 end
write(3)
redis.call('HSET', key, 'finished', 1)
redis.call('ZREM', unfinished, id)
return 1`
)

/** Journal, unfinished: id, owner, lease → 1 or 0. */
export const renew = script(
  "journal.renew",
  `
if not is_owner(ARGV[2]) then return 0 end
redis.call('HSET', key, 'until', now + ARGV[3])
redis.call('ZADD', unfinished, now + ARGV[3], id)
return 1`
)

/** Journal, unfinished: id, owner, milliseconds until it may be claimed → 1 or 0. */
export const release = script(
  "journal.release",
  `
if not is_owner(ARGV[2]) then return 0 end
redis.call('HDEL', key, 'owner')
redis.call('HSET', key, 'until', now + ARGV[3])
redis.call('ZADD', unfinished, now + ARGV[3], id)
return 1`
)

/** Journal, unfinished, parked: id, owner → 1 or 0. */
export const park = script(
  "journal.park",
  `
if not is_owner(ARGV[2]) then return 0 end
redis.call('HDEL', key, 'owner')
redis.call('HSET', key, 'parked', 1)
redis.call('ZREM', unfinished, id)
redis.call('ZADD', KEYS[3], now, id)
return 1`
)

/** Journal, unfinished, parked: id → 1, or 0 where it is not parked. */
export const unpark = script(
  "journal.unpark",
  `
redis.call('ZREM', KEYS[3], id)
if redis.call('HDEL', key, 'parked') == 0 then return 0 end
redis.call('HSET', key, 'until', now, 'attempts', 0)
redis.call('ZADD', unfinished, now, id)
return 1`
)

/** Journal → its fields and values, one after the other. */
export const read = script("journal.read", `return redis.call('HGETALL', key)`)

/** Prefix of journals, unfinished: → id and program of each that nobody owns. Drops what has expired. */
export const expired = script(
  "journal.expired",
  `
local lost = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', unfinished, '-inf', now)) do
  local program = redis.call('HGET', key .. id, 'program')
  if program then lost[#lost + 1] = { id, program } else redis.call('ZREM', unfinished, id) end
end
return lost`
)

/** Prefix of journals, unfinished, a sorted set of ids: how many → id, and fields and values, of the last in the set. */
export const list = script(
  "journal.list",
  `
local found = {}
for _, id in ipairs(redis.call('ZREVRANGE', group, 0, ARGV[1] - 1)) do
  local fields = redis.call('HGETALL', key .. id)
  if #fields > 0 then found[#found + 1] = { id, fields } end
end
return found`
)
