import * as Redis from "@retro/redis/Redis"

/**
 * What Redis runs for each operation on outcomes: atomic, one round trip. Lua as text in a module, so that a bundled
 * service has it. The text of a key is the string at `outcome:<key>`, which expires when its time is over; who holds the
 * key is the string at `{outcome:<key>}:lease`, which a cluster keeps in the same place.
 */
const script = Redis.script

/** → the text, or nil. */
export const find = script("outcome.find", `return redis.call('GET', KEYS[1])`)

/** Text, time to live in milliseconds → the text that stands there afterwards. */
export const putIfAbsent = script(
  "outcome.putIfAbsent",
  `
local found = redis.call('GET', KEYS[1])
if found then return found end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return ARGV[1]`
)

/** Expected text, text → 1, or 0 where something else stands. */
export const replace = script(
  "outcome.replace",
  `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'KEEPTTL')
return 1`
)

/** Expected text → 1, or 0 where something else stands. */
export const remove = script(
  "outcome.remove",
  `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
return 1`
)

/** How open texts begin, owner, its lease in milliseconds, text, its time to live in milliseconds → what became of it, and the text. */
export const claim = script(
  "outcome.claim",
  `
local found = redis.call('GET', KEYS[1])
if found and string.sub(found, 1, #ARGV[1]) ~= ARGV[1] then return {'Final', found} end
if not redis.call('SET', KEYS[2], ARGV[2], 'NX', 'PX', ARGV[3]) then return {'Held', ''} end
if found then return {'Mine', found} end
redis.call('SET', KEYS[1], ARGV[4], 'PX', ARGV[5])
return {'Mine', ARGV[4]}`
)

/** Owner, expected text, text → 1, or 0 where something else stands. */
export const settle = script(
  "outcome.settle",
  `
local stands = redis.call('GET', KEYS[1]) == ARGV[2]
if stands then redis.call('SET', KEYS[1], ARGV[3], 'KEEPTTL') end
if redis.call('GET', KEYS[2]) == ARGV[1] then redis.call('DEL', KEYS[2]) end
return stands and 1 or 0`
)

/** Owner → 1, or 0 where somebody else holds the key. */
export const release = script(
  "outcome.release",
  `
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[2])`
)
