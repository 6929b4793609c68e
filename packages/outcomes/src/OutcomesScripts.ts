import * as Redis from "@retro/redis/Redis"

/**
 * What Redis runs for each operation on outcomes: atomic, one round trip. Lua as text in a module, so that a bundled
 * service has it. The text of a key is the string at `outcome:<key>`, which expires when its time is over.
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
