package services.chorus.seqthink.state;

import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.List;

/**
 * The atomic operations, as Lua scripts for Redis. The keys of a script are all names of one value,
 * group or log.
 *
 * <p>A value is a string. A group is a sorted set of members by expiry, in Redis's clock. A log is
 * a hash: {@code epoch}, {@code first} and {@code last} sequence number, {@code bytes} of its
 * entries without their seals, and each entry under its number.
 */
enum RedisScript {
    /** Arguments: expected value (empty for none), value, life. Returns 1 when put. */
    SWAP(
            """
            local expected = ARGV[1] == ''
            for _, name in ipairs(KEYS) do
              local found = redis.call('GET', name)
              if found == ARGV[1] then expected = true end
              if found and ARGV[1] == '' then return 0 end
            end
            if not expected then return 0 end
            for _, name in ipairs(KEYS) do
              redis.call('SET', name, ARGV[2], 'PX', ARGV[3])
            end
            return 1
            """),

    /** Arguments: life, most, a member for each key. Returns an {@link Admission}. */
    ADMIT(
            """
            local time = redis.call('TIME')
            local now = time[1] * 1000 + math.floor(time[2] / 1000)
            for i, group in ipairs(KEYS) do
              redis.call('ZREMRANGEBYSCORE', group, '-inf', now)
              if redis.call('ZSCORE', group, ARGV[i + 2]) then return 'KNOWN' end
            end
            for _, group in ipairs(KEYS) do
              if redis.call('ZCARD', group) >= tonumber(ARGV[2]) then return 'FULL' end
            end
            for i, group in ipairs(KEYS) do
              redis.call('ZADD', group, now + ARGV[1], ARGV[i + 2])
              if redis.call('PTTL', group) < tonumber(ARGV[1]) then
                redis.call('PEXPIRE', group, ARGV[1])
              end
            end
            return 'ADMITTED'
            """),

    /**
     * Arguments: expected epoch and last, next epoch and last, entry, its length without its seal,
     * life, most entries, most bytes. Returns 1 when appended, else 0 and the log's epoch and last.
     */
    APPEND(
            """
            local log, begins = {'', '0', '1', '0'}, KEYS[1]
            for _, name in ipairs(KEYS) do
              if redis.call('EXISTS', name) == 1 then
                log = redis.call('HMGET', name, 'epoch', 'last', 'first', 'bytes')
                begins = name
                break
              end
            end
            if log[1] ~= ARGV[1] or log[2] ~= ARGV[2] then return {0, log[1], log[2]} end
            if begins ~= KEYS[1] then redis.call('RENAME', begins, KEYS[1]) end
            local first, bytes = tonumber(log[3]), log[4] + ARGV[6]
            local seal = #ARGV[5] - ARGV[6]
            redis.call('HSET', KEYS[1], ARGV[4], ARGV[5])
            while bytes > tonumber(ARGV[9]) or ARGV[4] - first >= tonumber(ARGV[8]) do
              bytes = bytes - redis.call('HSTRLEN', KEYS[1], first) + seal
              redis.call('HDEL', KEYS[1], first)
              first = first + 1
            end
            redis.call('HSET', KEYS[1],
              'epoch', ARGV[3], 'last', ARGV[4], 'first', first, 'bytes', bytes)
            redis.call('PEXPIRE', KEYS[1], ARGV[7])
            for _, name in ipairs(KEYS) do redis.call('PUBLISH', name, '') end
            return {1}
            """),

    /**
     * Arguments: after, most bytes, bytes of a seal. Returns epoch, last, first number, entries.
     */
    READ(
            """
            for _, name in ipairs(KEYS) do
              if redis.call('EXISTS', name) == 1 then
                local log = redis.call('HMGET', name, 'epoch', 'last', 'first')
                local sequence = math.max(tonumber(log[3]), ARGV[1] + 1)
                local page, bytes = {log[1], log[2], sequence}, 0
                while sequence <= tonumber(log[2]) do
                  local entry = redis.call('HGET', name, sequence) or ''
                  bytes = bytes + #entry - ARGV[3]
                  if bytes > tonumber(ARGV[2]) and #page > 3 then break end
                  page[#page + 1] = entry
                  sequence = sequence + 1
                end
                return page
              end
            end
            return false
            """);

    private final String lua;

    RedisScript(String lua) {
        this.lua = lua;
    }

    /**
     * @param arguments texts, numbers and byte arrays
     */
    Request on(List<String> names, Object... arguments) {
        Request request = Request.cmd(Command.EVAL).arg(lua).arg(names.size());
        names.forEach(request::arg);
        for (Object argument : arguments) {
            if (argument instanceof byte[] bytes) {
                request.arg(bytes);
            } else {
                request.arg(argument.toString());
            }
        }
        return request;
    }
}
