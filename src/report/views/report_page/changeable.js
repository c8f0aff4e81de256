"use strict";
// Works out, from the chance of each number of claims by the year's end, what the command `forecast` says of target, places and
// grant. The same sums in the same order as there (src/forecast/distribution.rs and outlook.rs), so that the figures are the same.

/// Chances below this are left out at both ends.
const NOTHING = 1e-13;

/// To four decimals.
const rounded = (number) => Math.round(number * 1e4) / 1e4;

/// The chance of so many claims or more.
function atLeast(held, number) {
  let sum = 0;
  held.chances.forEach((chance, place) => { if (held.least + place >= number) sum += chance; });
  return Math.min(sum, 1);
}

/// The chances of each number of places that stay empty, and the least such number.
function missing(held, places) {
  const chances = new Array(Math.max(places - held.least, 0) + 1).fill(0);
  held.chances.forEach((chance, place) => { chances[Math.max(places - held.least - place, 0)] += chance; });
  const least = Math.max(chances.findIndex((chance) => chance > NOTHING), 0);
  let most = chances.length - 1;
  while (most > 0 && !(chances[most] > NOTHING)) most--;
  const kept = chances.slice(least, most + 1);
  const all = kept.reduce((sum, chance) => sum + chance, 0);
  return { least, chances: kept.map((chance) => chance / all) };
}

const mean = (of) => of.chances.reduce((sum, chance, place) => sum + chance * (of.least + place), 0);

/// The least number that is not exceeded with at least this chance.
function percentile(of, percent) {
  let sum = 0;
  for (const [place, chance] of of.chances.entries()) {
    sum += chance;
    if (sum >= percent / 100 - 1e-12) return of.least + place;
  }
  return of.least + of.chances.length - 1;
}

const grouped = (digits) => digits.replace(/\B(?=(\d{3})+$)/g, ",");

/// Pence as pounds, with pence only where there are any.
function pounds(pence) {
  const rest = String(pence % 100n).padStart(2, "0");
  return "£" + grouped(String(pence / 100n)) + (rest === "00" ? "" : "." + rest);
}

/// A chance as a percentage that never says never; halves go to the even number.
function percent(chance) {
  const parts = Math.round(chance * 1e4);
  if (parts < 100) return "less than 1%";
  if (parts > 9900) return "more than 99%";
  const whole = Math.floor(parts / 100);
  const rest = parts % 100;
  return whole + (rest > 50 || (rest === 50 && whole % 2 === 1) ? 1 : 0) + "%";
}

/// Every figure for a target, places and a payment in pence.
function figuresOf(held, target, places, pence) {
  const empty = missing(held, places);
  const expectedEmpty = rounded(mean(empty));
  const paid = rounded(places - expectedEmpty);
  // A number of families to four decimals times the payment, to the penny, half up.
  const worth = (families) => (pence * BigInt(Math.round(families * 1e4)) + 5000n) / 10000n;
  const atRisk = [held.low, 50, held.high].map((at) => pence * BigInt(percentile(empty, at)));
  return {
    targetReached: rounded(atLeast(held, target)), placesUsed: rounded(atLeast(held, places)), paid,
    grant: worth(paid), atRisk: worth(expectedEmpty), atRiskLow: atRisk[0], atRiskMedian: atRisk[1], atRiskHigh: atRisk[2],
  };
}

/// A number of places with one decimal, half up.
function tenths(places) {
  const all = Math.floor((Math.round(places * 1e4) + 500) / 1000);
  return grouped(String(Math.floor(all / 10))) + "." + (all % 10);
}

/// The same in words, by the row that they stand in.
function saidOf(found) {
  return {
    target: percent(found.targetReached), places: percent(found.placesUsed), paid: tenths(found.paid),
    grant: pounds(found.grant), risk: pounds(found.atRisk), range: pounds(found.atRiskLow) + " to " + pounds(found.atRiskHigh),
  };
}

/// What a person typed: a whole number, or a payment in pence; nothing where it is neither.
const whole = (text) => (/^\d{1,7}$/.test(text) && Number(text) <= 1e6 ? Number(text) : undefined);
function pence(text) {
  const found = /^(\d{1,7})(?:\.(\d{1,2}))?$/.exec(text);
  const all = found ? BigInt(found[1]) * 100n + BigInt((found[2] ?? "").padEnd(2, "0")) : 100000001n;
  return all <= 100000000n ? all : undefined;
}

function start() {
  const held = JSON.parse(document.getElementById("held").textContent);
  const input = (name) => document.getElementById("try-" + name);
  const given = { target: String(held.target), places: String(held.places), payment: held.payment };
  const typed = (name) => input(name).value.replace(/[£,\s]/g, "");
  const show = () => {
    const values = { target: whole(typed("target")), places: whole(typed("places")), payment: pence(typed("payment")) };
    let wrong = false;
    for (const [name, value] of Object.entries(values)) {
      const is = value === undefined;
      wrong ||= is;
      input(name).setAttribute("aria-invalid", String(is));
      document.getElementById("wrong-" + name).hidden = !is;
    }
    const said = wrong ? {} : saidOf(figuresOf(held, values.target, values.places, values.payment));
    for (const cell of document.querySelectorAll("[data-figure]")) cell.textContent = said[cell.dataset.figure] ?? "not known";
    document.getElementById("try-said").textContent = wrong ? "" :
      "With these figures the chance of reaching the target is " + said.target + ", and " + held.risk + " is " + said.risk + " on average.";
  };
  for (const [name, value] of Object.entries(given)) {
    input(name).value = value;
    input(name).addEventListener("input", show);
  }
  document.getElementById("try-again").addEventListener("click", () => {
    for (const [name, value] of Object.entries(given)) input(name).value = value;
    show();
  });
  for (const part of document.querySelectorAll(".try")) part.hidden = false;
  show();
}

if (typeof document !== "undefined") start();
