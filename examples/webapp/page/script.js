// Calls a route where the page is, and shows the page again. Without this script
// the buttons show the bare answer of the route instead.
"use strict";
for (const form of document.querySelectorAll("form.call")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const status = document.getElementById("status");
    try {
      const answer = await fetch(form.action, { method: form.method });
      if (answer.status === 401) {
        status.textContent = "401: nobody has signed in.";
      } else {
        location.reload();
      }
    } catch (error) {
      status.textContent = "The shop does not answer.";
    }
  });
}
