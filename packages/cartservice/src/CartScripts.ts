import { maxLines, maxQuantity } from "@retro/domain/Cart"
import * as Redis from "@retro/redis/Redis"
import { Duration } from "effect"
import { rememberedOrders, silence } from "./CartStore.ts"

/**
 * What Redis runs for each operation: atomic, one round trip. Lua as text in a module, so that a bundled service has it.
 *
 * A cart is one hash, `cart:<user id>`:
 *
 * | field | value |
 * |---|---|
 * | `v` | the version, which grows with every change |
 * | `l:<product id>` | `<version in which the line was added>:<quantity>`; the first number orders the lines |
 * | `h` | the key of the order that holds the cart; absent: nobody does |
 * | `b` | the keys of the latest orders that bought from it, separated by spaces |
 *
 * Every operation starts the cart's 30 days anew.
 */
const script = (name: string, body: string) =>
  Redis.script(
    name,
    `
local key = KEYS[1]
local function grow() return redis.call('HINCRBY', key, 'v', 1) end
local function read(field)
  local text = redis.call('HGET', key, field)
  if not text then return nil, 0 end
  local added, quantity = string.match(text, '^(%d+):(%d+)$')
  return added, tonumber(quantity)
end
local function full()
  local others = redis.call('HEXISTS', key, 'v') + redis.call('HEXISTS', key, 'h') + redis.call('HEXISTS', key, 'b')
  return redis.call('HLEN', key) - others >= ${maxLines}
end
local function put(field, added, quantity) redis.call('HSET', key, field, added .. ':' .. quantity) end
local function done(answer) redis.call('PEXPIRE', key, ${Duration.toMillis(silence)}) return answer end
${body}`
  )

/** Product id, quantity → `OK`, `CartFull`, `QuantityTooLarge` or `Corrupt`. */
export const add = script(
  "cart.add",
  `
local field, quantity = 'l:' .. ARGV[1], tonumber(ARGV[2])
local added, have = read(field)
if not have then return 'Corrupt' end
if have + quantity > ${maxQuantity} then return done('QuantityTooLarge') end
if not added and full() then return done('CartFull') end
local version = grow()
put(field, added or version, have + quantity)
return done('OK')`
)

/** Product id, quantity → `OK`, `CartFull` or `Corrupt`. */
export const set = script(
  "cart.set",
  `
local field, quantity = 'l:' .. ARGV[1], tonumber(ARGV[2])
local added, have = read(field)
if not have then return 'Corrupt' end
if have == quantity then return done('OK') end
if not added and full() then return done('CartFull') end
local version = grow()
if quantity == 0 then redis.call('HDEL', key, field) else put(field, added or version, quantity) end
return done('OK')`
)

/** → the fields and values of the hash, one after the other. */
export const get = script("cart.get", `return done(redis.call('HGETALL', key))`)

/** → `OK`. */
export const empty = script(
  "cart.empty",
  `
local lines = {}
for _, field in ipairs(redis.call('HKEYS', key)) do
  if string.sub(field, 1, 2) == 'l:' then lines[#lines + 1] = field end
end
if #lines > 0 then
  redis.call('HDEL', key, unpack(lines))
  grow()
end
return done('OK')`
)

/** Order key, key of an order that came to nothing → the key of the order that holds the cart, and what `get` answers. */
export const hold = script(
  "cart.hold",
  `
local holder = redis.call('HGET', key, 'h')
if not holder or holder == ARGV[2] then
  holder = ARGV[1]
  redis.call('HSET', key, 'h', holder)
end
return done({ holder, redis.call('HGETALL', key) })`
)

/** Order key, then product id and quantity of each line → `OK` or `Corrupt`. */
export const removeBought = script(
  "cart.removeBought",
  `
if redis.call('HGET', key, 'h') == ARGV[1] then redis.call('HDEL', key, 'h') end
local bought = {}
for past in string.gmatch(redis.call('HGET', key, 'b') or '', '%S+') do
  if past == ARGV[1] then return done('OK') end
  bought[#bought + 1] = past
end
local lines = {}
for i = 2, #ARGV, 2 do
  local field = 'l:' .. ARGV[i]
  local added, have = read(field)
  if not have then return 'Corrupt' end
  if added then lines[#lines + 1] = { field, added, have - tonumber(ARGV[i + 1]) } end
end
for _, line in ipairs(lines) do
  if line[3] > 0 then put(line[1], line[2], line[3]) else redis.call('HDEL', key, line[1]) end
end
if #lines > 0 then grow() end
bought[#bought + 1] = ARGV[1]
redis.call('HSET', key, 'b', table.concat(bought, ' ', math.max(1, #bought - ${rememberedOrders - 1})))
return done('OK')`
)
