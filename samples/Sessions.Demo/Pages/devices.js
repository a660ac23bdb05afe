// Looks again when a session of this user was ended, on whichever server; without one of his own he is led to the login page.
const live = new EventSource("/devices/live");

live.addEventListener("ended", () => location.reload());
live.addEventListener("error", () => live.readyState === EventSource.CLOSED && location.reload());

// A page that goes away hangs up, or the browser would hold the connection for a while.
addEventListener("pagehide", () => live.close());
