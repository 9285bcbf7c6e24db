
"use strict";
// The age of a snapshot, by this device's clock: once for a report, once a row for a list. Judged again
// whenever the page is shown, and every minute, for a page stays open for days.
(() => {
  let now = Date.now();
  const length = (seconds) => {
    const days = Math.floor(seconds / 86400), hours = Math.floor(seconds / 3600) % 24;
    const minutes = Math.floor(seconds / 60) % 60;
    if (days > 0) return `${days.toLocaleString("en")} d ${hours} h`;
    return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min`;
  };
  // An allowance for clocks, as the verifier's.
  const judge = (element) => {
    const asOf = Date.parse(element.dataset.asOf), until = Date.parse(element.dataset.until);
    const seconds = Math.floor((now - asOf) / 1000);
    const isKnown = Number.isFinite(asOf) && Number.isFinite(until) && seconds > -300;
    return { isKnown, isOld: !isKnown || now > until, text: length(Math.max(0, seconds)) };
  };
  const judgeAll = () => {
    now = Date.now();
    const { body } = document;
    const verdict = document.getElementById("verdict"), age = document.getElementById("age");
    if (verdict && age) {
      const { isKnown, isOld, text } = judge(body);
      const at = new Date(now).toISOString().slice(0, 16) + "Z";
      const { asOf, until } = body.dataset;
      if (!isKnown) {
        age.textContent = `AGE NOT KNOWN: this device's clock says ${at}, and the snapshot is of ${asOf}. One of them is wrong.`;
      } else if (isOld) {
        age.textContent = `TOO OLD: the snapshot was ${text} old when you opened this report, at ${at}. It says nothing about today: it was to be read until ${until}. Ask for a newer one.`;
      } else {
        age.textContent = `Age: the snapshot was ${text} old when you opened this report, at ${at}. It may be read until ${until}.`;
      }
      age.className = isOld ? "old" : "";
      body.classList.toggle("is-old", isOld);
      body.classList.toggle("is-fresh", !isOld);
      const tone = isOld && body.dataset.tone === "good" ? "warn" : body.dataset.tone;
      verdict.className = `verdict tone-${tone}`;
      if (isOld) verdict.insertBefore(age, verdict.firstChild);
    }
    for (const row of document.querySelectorAll("[data-row-as-of]")) {
      const { isKnown, isOld, text } = judge({ dataset: { asOf: row.dataset.rowAsOf, until: row.dataset.rowUntil } });
      row.textContent = !isKnown ? "age not known: check the clock" : isOld ? `${text} old: TOO OLD` : `${text} old`;
      row.className = isOld ? "warn" : "";
    }
  };
  judgeAll();
  addEventListener("pageshow", judgeAll);
  document.addEventListener("visibilitychange", judgeAll);
  setInterval(judgeAll, 60000);
})();
