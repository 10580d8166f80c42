// SPDX-License-Identifier: GPL-2.0-only
// Tables that are sorted, filtered and widened.  Without it the page has all of them
// whole.  No ampersand and no less-than sign: the page is XML, too.
"use strict";

const FEW_COLUMNS = 7, MANY_ROWS = 8;

function element(name, text) {
	const made = document.createElement(name);
	made.textContent = text;
	return made;
}

function button(text, act) {
	const made = element("button", text);
	made.type = "button";
	made.addEventListener("click", act);
	return made;
}

// What a cell is sorted by: a number before a text.
function key(row, column) {
	const cell = row.cells[column];
	if (!cell) return [2, ""];
	if (cell.dataset.value !== undefined) return [0, Number(cell.dataset.value)];
	return [1, cell.textContent];
}

function order(a, b) {
	if (a[0] !== b[0]) return a[0] - b[0];
	return a[0] ? a[1].localeCompare(b[1]) : a[1] - b[1];
}

function sort(table, head, column) {
	const down = head.getAttribute("aria-sort") === "ascending";
	const rows = [...table.tBodies[0].rows].map(row => [key(row, column), row]);
	rows.sort((a, b) => down ? order(b[0], a[0]) : order(a[0], b[0]));
	for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
	head.setAttribute("aria-sort", down ? "descending" : "ascending");
	table.tBodies[0].append(...rows.map(row => row[1]));
}

function makeSortable(table) {
	[...table.tHead.rows[0].cells].forEach((head, column) => {
		const text = head.textContent;
		head.textContent = "";
		head.append(button(text, () => sort(table, head, column)));
	});
}

function filter(table, text) {
	for (const row of table.tBodies[0].rows)
		row.hidden = !row.textContent.toLowerCase().includes(text.toLowerCase());
}

function makeFilter(table) {
	const input = element("input", "");
	input.type = "search";
	input.placeholder = "Filter rows";
	input.setAttribute("aria-label", "Filter the rows of this table");
	input.addEventListener("input", () => filter(table, input.value));
	return input;
}

function makeWidener(table, count) {
	const wider = button("Show all " + count + " columns", () => {
		const few = table.classList.toggle("few");
		wider.textContent = few ? "Show all " + count + " columns" : "Show fewer columns";
		wider.setAttribute("aria-expanded", String(!few));
	});
	table.classList.add("few");
	wider.setAttribute("aria-expanded", "false");
	return wider;
}

for (const table of document.querySelectorAll("table")) {
	const tools = element("div", ""), count = table.tHead.rows[0].cells.length;
	tools.className = "tools";
	makeSortable(table);
	if (table.tBodies[0].rows.length > MANY_ROWS) tools.append(makeFilter(table));
	if (count > FEW_COLUMNS) tools.append(makeWidener(table, count));
	if (tools.children.length) table.parentElement.before(tools);
}
