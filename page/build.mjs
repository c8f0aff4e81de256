// Puts the page together: styles, program and engine in one file. `build.sh` calls it: node build.mjs ENGINE.wasm PAGE.html VERSION
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const [engine, page, version] = process.argv.slice(2);
const bundled = async (entry, define = {}) => {
  const made = await build({ entryPoints: [entry], bundle: true, minify: true, write: false, format: "iife", target: "es2022", charset: "utf8", legalComments: "none", define });
  // Inside a page, this would end the program.
  return made.outputFiles[0].text.trim().replaceAll("</script", "<\\/script");
};
const here = (name) => new URL(name, import.meta.url).pathname;
const worker = await bundled(here("src/worker.ts"));
const style = (await build({ entryPoints: [here("src/page.css")], minify: true, write: false, charset: "utf8" })).outputFiles[0].text.trim();
const hash = (text) => `sha256-${createHash("sha256").update(text).digest("base64")}`;
const packed = gzipSync(readFileSync(engine), { level: 9 });

/// Bytes as text that a page can hold: eleven characters for nine bytes, of the 94 that mean nothing in a script of text, where only
/// "<" does. Base 64 would need a third more than the bytes, this needs 22%.
const SIGNS = Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at)).filter((sign) => sign !== "<").join("");
function asText(bytes) {
  const whole = Buffer.concat([bytes, Buffer.alloc((9 - (bytes.length % 9)) % 9)]);
  const signs = Buffer.alloc((whole.length / 9) * 11);
  for (let at = 0; at < whole.length / 9; at++) {
    // The nine bytes as one number, in three parts.
    let [high, middle, low] = [0, 3, 6].map((part) => whole.readUIntBE(at * 9 + part, 3));
    for (let place = 10; place >= 0; place--) {
      middle += (high % 94) * 0x1000000;
      high = Math.floor(high / 94);
      low += (middle % 94) * 0x1000000;
      middle = Math.floor(middle / 94);
      signs[at * 11 + place] = SIGNS.charCodeAt(low % 94);
      low = Math.floor(low / 94);
    }
  }
  return `${bytes.length} ${signs.toString("latin1")}`;
}
const script = await bundled(here("src/main.ts"), { WORKER: JSON.stringify(worker), SIGNS: JSON.stringify(SIGNS) });
const parts = {
  SCRIPT_HASH: hash(script), STYLE_HASH: hash(style), STYLE: style, SCRIPT: script, VERSION: version, ENGINE: asText(packed),
};
const text = readFileSync(here("src/page.html"), "utf8").replace(/\{\{(\w+)\}\}/g, (_, name) => parts[name]);
writeFileSync(page, text);
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(2)} MB`;
console.log(`${page}: ${megabytes(Buffer.byteLength(text))}, of which the engine ${megabytes(parts.ENGINE.length)}; sha256 ${createHash("sha256").update(text).digest("hex")}`);
// The goal is 4 MB: a page that is opened from a shared drive. Far above it something was taken in that does not belong there.
if (Buffer.byteLength(text) > 4_000_000) console.error("The page is larger than 4 MB, which is the goal.");
if (Buffer.byteLength(text) > 5_000_000) process.exit(1);
