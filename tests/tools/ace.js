// DAISY Ace for many EPUB files in one browser: node ace.js FOLDER-OF-ACE FILE...
// Prints one line of JSON for each file: a list of findings such as "serious link-name EPUB/a.xhtml: …".
"use strict";

const { createRequire } = require("node:module");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");

const [folder, ...files] = process.argv.slice(2);
const load = createRequire(path.join(path.resolve(folder), "package.json"));
const check = load("@daisy/ace-core");
const browser = load("@daisy/ace-axe-runner-puppeteer");

function findings(report) {
  return report.assertions.flatMap((document) =>
    document.assertions.map((found) => {
      const test = found["earl:test"];
      const text = found["earl:result"]["dct:description"].replace(/\s+/g, " ").slice(0, 200);
      return `${test["earl:impact"]} ${test["dct:title"]} ${document["earl:testSubject"].url}: ${text}`;
    })
  );
}

async function judge(file) {
  const place = fs.mkdtempSync(path.join(os.tmpdir(), "ace-"));
  try {
    const runner = { ...browser, launch: async () => {}, close: async () => {} };
    const options = { cwd: place, outdir: place, silent: true, fileName: path.join(place, "log"), lang: "en" };
    const [, report] = await check(path.resolve(file), { ...options, initLogger: true }, runner);
    return findings(report);
  } finally {
    fs.rmSync(place, { recursive: true, force: true });
  }
}

async function main() {
  await browser.launch();
  for (const file of files) {
    console.log(JSON.stringify(await judge(file).catch((error) => [`FATAL ${error && error.message}`])));
  }
  await browser.close();
}

main();
