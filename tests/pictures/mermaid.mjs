// SPDX-License-Identifier: MIT
// Draws a Mermaid picture (standard input) with Mermaid itself and prints the SVG. The layout is
// nonsense, as nothing here measures text. Its texts and boxes are the same as in a browser.
import { JSDOM } from "jsdom";
import fs from "node:fs";

const { window } = new JSDOM("<!DOCTYPE html><body></body>", { pretendToBeVisual: true });
const box = { x: 0, y: 0, width: 100, height: 20, top: 0, left: 0, right: 100, bottom: 20 };
window.SVGElement.prototype.getBBox = () => box;
window.Element.prototype.getBoundingClientRect = () => box;
window.SVGElement.prototype.getComputedTextLength = () => 100;
for (const name of ["window", "document", "navigator", "Element", "HTMLElement", "SVGElement",
                    "Node", "DOMParser", "XMLSerializer", "CSSStyleSheet"]) {
    const value = name === "window" ? window : window[name];
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
}
globalThis.getComputedStyle = window.getComputedStyle.bind(window);
globalThis.requestAnimationFrame = window.requestAnimationFrame.bind(window);

const { default: mermaid } = await import("mermaid");
mermaid.initialize({ startOnLoad: false, maxTextSize: 1e6, maxEdges: 1e4 });
const text = fs.readFileSync(0, "utf8");
await mermaid.parse(text);
fs.writeFileSync(1, (await mermaid.render("picture", text)).svg + "\n");
process.exit(0); // or else its timers keep it
