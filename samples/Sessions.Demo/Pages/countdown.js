// Counts down to the end of the session, and warns before it. Asking how long is left does not keep the session alive; opening a page does.
const card = document.querySelector(".countdown");
const timer = card.querySelector("[role=timer]");
const warning = card.querySelector("[role=alert]");
const warnAt = Number(card.dataset.warning);
const askEvery = 15_000;

let end = null;

async function ask() {
  try {
    const response = await fetch("/api/sessions/current", { headers: { Accept: "application/json" } });
    if (response.status === 401) {
      location.reload();
    } else if (response.ok) {
      end = performance.now() + (await response.json()).expiresInSeconds * 1000;
      show();
    }
  } catch {
    // Offline: the count goes on, and the next question comes soon.
  }
}

function show() {
  if (end === null) {
    return;
  }

  const left = Math.max(0, Math.round((end - performance.now()) / 1000));
  timer.textContent = text(left);
  warning.hidden = left > warnAt;
  if (left === 0) {
    end = null;
    ask();
  }
}

function text(seconds) {
  const [days, hours, minutes] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60];
  const two = (number) => String(number).padStart(2, "0");
  const clock = `${two(minutes)}:${two(seconds % 60)}`;
  return days > 0 ? `${days} d ${hours} h` : hours > 0 ? `${hours}:${clock}` : clock;
}

// Another tab may have used the session, another device may have ended it.
setInterval(ask, askEvery);
setInterval(show, 1000);
document.addEventListener("visibilitychange", () => document.hidden || ask());
ask();
