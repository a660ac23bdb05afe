-- Requests with the cookies of a file, one session after the other; with "sign-in=N" sign-ins of N users instead. With "check" every answer but one of 200 to 299 counts as an
-- error; wrk alone, which takes less of its processor, counts those of 400 and more.
local requests, at = {}, 0
local threads = {}
refused = 0

function setup(thread)
  threads[#threads + 1] = thread
end

function init(args)
  for cookie in io.lines(args[1]) do
    requests[#requests + 1] = wrk.format("GET", "/", { ["Cookie"] = cookie })
  end
  for i = 2, #args do
    local users = args[i]:match("^sign%-in=(%d+)$")
    if users then
      requests = {}
      for user = 0, tonumber(users) - 1 do
        requests[#requests + 1] = wrk.format("GET", "/login/user" .. user)
      end
    elseif args[i] == "check" then
      response = function(status)
        if status < 200 or status > 299 then
          refused = refused + 1
        end
      end
    end
  end
  -- Runs should not all begin with the same user's sessions.
  math.randomseed(os.time())
  at = math.random(#requests)
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency)
  local errors = summary.errors
  local status = errors.status
  for _, thread in ipairs(threads) do
    status = math.max(status, thread:get("refused"))
  end
  io.write(string.format("RESULT %d %d %d %d %d %d %d %d\n", summary.requests, summary.duration, status, errors.connect, errors.read,
    errors.write, errors.timeout, latency:percentile(50)))
  io.write(string.format("P99 %d\n", latency:percentile(99)))
end
