// SPDX-License-Identifier: GPL-2.0-only
// For WebDriver: what is hard to see on a page, "3.2 TAG: TEXT" for each.  Text needs
// 4.5:1 against what is behind it, a line of a figure 3:1 (WCAG 2, 1.4.3 and 1.4.11).
"use strict";

function channels(colour) {
	return colour.match(/[\d.]+/g).map(Number);
}

function luminance(colour) {
	const [r, g, b] = channels(colour).slice(0, 3).map(part => {
		part /= 255;
		return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
	});
	return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function ratio(a, b) {
	const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
	return (light + 0.05) / (dark + 0.05);
}

function behind(element) {
	for (; element; element = element.parentElement) {
		const colour = getComputedStyle(element).backgroundColor;
		if (colour !== "rgba(0, 0, 0, 0)" && colour !== "transparent") return colour;
	}
	return "rgb(255, 255, 255)";
}

function hasText(element) {
	return [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
}

const hard = [];
let texts = 0, lines = 0;
function check(element, colour, least, what) {
	const found = ratio(colour, behind(element));
	if (found < least) hard.push(`${found.toFixed(2)} ${element.tagName}: ${what}`);
}
for (const element of document.body.querySelectorAll("*")) {
	if (!element.checkVisibility() || /^(script|style|title)$/i.test(element.tagName)) continue;
	const style = getComputedStyle(element);
	if (hasText(element)) {
		texts++;
		check(element, element.closest("svg") ? style.fill : style.color, 4.5, element.textContent);
	}
	const drawn = element.getAttribute("stroke");
	if (drawn && drawn.startsWith("rgb")) {
		lines++;
		check(element, style.stroke, 3, drawn);
	}
}
return { texts, lines, hard: [...new Set(hard)].slice(0, 20) };
