// What does not fit on a screen, found by measuring: wider than the screen, cut without a sign,
// squeezed, text laid over text. What is meant to scroll, to end in dots or to float is left alone.

export const misfits = (page) =>
  page.evaluate(() => {
    const found = [];
    const name = (el) => {
      const classes = [...el.classList].map((c) => `.${c}`).join('');
      return `${el.tagName.toLowerCase()}${classes} “${(el.textContent ?? '').trim().slice(0, 24)}”`;
    };
    const main = document.querySelector('main');
    const over = (el) => el.scrollWidth - el.clientWidth;
    for (const el of [document.documentElement, main].filter(Boolean))
      if (over(el) > 0) found.push(`${el.tagName.toLowerCase()} is ${over(el)} px wider than the screen`);
    const style = new Map();
    const styleOf = (el) => {
      if (!style.has(el)) style.set(el, getComputedStyle(el));
      return style.get(el);
    };
    const root = main ?? document.body;
    /** The part of a box that its scrolling or cutting ancestors let be seen. */
    const seen = (el, box) => {
      let { left, top, right, bottom } = box;
      for (let at = el; at && at !== document.documentElement; at = at.parentElement) {
        const s = styleOf(at);
        if (s.overflowX === 'visible' && s.overflowY === 'visible') continue;
        const b = at.getBoundingClientRect();
        if (s.overflowX !== 'visible') [left, right] = [Math.max(left, b.left), Math.min(right, b.right)];
        if (s.overflowY !== 'visible') [top, bottom] = [Math.max(top, b.top), Math.min(bottom, b.bottom)];
      }
      return { left, top, right, bottom };
    };
    const floats = (el) => {
      for (let at = el; at && at !== root; at = at.parentElement) {
        const { position } = styleOf(at);
        if (position === 'fixed' || position === 'sticky' || position === 'absolute') return true;
      }
      return false;
    };
    // What is typed or chosen can be read: also in a dialog, which lies outside the page.
    const unread = 'select, input:not([type=checkbox], [type=radio], [type=range], [type=file])';
    for (const el of document.querySelectorAll(unread))
      if (el.clientWidth > 1 && el.clientWidth < 44 && el.checkVisibility({ visibilityProperty: true }))
        found.push(`too narrow to read: ${name(el)}`);
    const texts = [];
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      const el = node.parentElement;
      if (!node.textContent.trim() || !el || el.closest('svg, option, script, style, [hidden]')) continue;
      if (!el.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
      const s = styleOf(el);
      const cuts = s.overflowX === 'hidden' || s.overflowX === 'clip';
      const clamped = s.webkitLineClamp !== 'none';
      if (cuts && over(el) > 1 && s.textOverflow !== 'ellipsis' && !clamped && el.clientWidth > 1)
        found.push(`cut: ${name(el)}`);
      const range = document.createRange();
      range.selectNodeContents(node);
      const lines = [...range.getClientRects()];
      const widest = Math.max(...lines.map((line) => line.width));
      if (lines.length >= 5 && widest < 2.5 * Number.parseFloat(s.fontSize))
        found.push(`squeezed to a column of letters: ${name(el)}`);
      for (const rect of lines) {
        const box = seen(el, rect);
        if (box.right - box.left < 2 || box.bottom - box.top < 2) continue;
        if (box.right > innerWidth + 1 && !floats(el)) found.push(`beyond the screen: ${name(el)}`);
        // Boxes of lines are taller than their letters.
        const inset = (box.bottom - box.top) * 0.2;
        if (!floats(el)) texts.push({ el, ...box, top: box.top + inset, bottom: box.bottom - inset });
      }
    }
    texts.sort((a, b) => a.top - b.top);
    for (const [at, a] of texts.entries())
      for (let next = at + 1; next < texts.length && texts[next].top < a.bottom; next += 1) {
        const b = texts[next];
        const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        if (wide > 3 && a.el !== b.el) found.push(`over each other: ${name(a.el)} and ${name(b.el)}`);
      }
    return [...new Set(found)].slice(0, 8);
  });

/** Parts that scroll sideways, for people who look at a phone: name and by how much. */
export const sideways = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('main *')]
      .filter((el) => /auto|scroll/.test(getComputedStyle(el).overflowX) && el.scrollWidth > el.clientWidth + 1)
      .map((el) => `${[...el.classList].join('.') || el.tagName} ${el.getAttribute('aria-label') ?? ''} +${el.scrollWidth - el.clientWidth}`),
  );
