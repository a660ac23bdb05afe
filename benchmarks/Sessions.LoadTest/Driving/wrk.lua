-- Requests with the cookies of a file, one session after the other; with a second argument, sign-ins of so many users instead.
local requests, at = {}, 0

function init(args)
  for cookie in io.lines(args[1]) do
    requests[#requests + 1] = wrk.format("GET", "/", { ["Cookie"] = cookie })
  end
  if args[2] then
    requests = {}
    for user = 0, tonumber(args[2]) - 1 do
      requests[#requests + 1] = wrk.format("GET", "/login/user" .. user)
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
  io.write(string.format("RESULT %d %d %d %d %d %d %d %d\n", summary.requests, summary.duration, errors.status, errors.connect, errors.read,
    errors.write, errors.timeout, latency:percentile(50)))
  io.write(string.format("P99 %d\n", latency:percentile(99)))
end
