// Parts lines into pages of paper by how high each one is.

/** All heights in one unit: each line's, the room on a page, and on the last, which has the sums. */
export type Room = { heights: number[]; most: number; room: number; roomOfLast: number };

/** How many lines go on each page; the last has at least one of them, beside its sums. */
export function inPages({ heights, most, room, roomOfLast }: Room): number[] {
  const pages: number[] = [];
  let at = 0;
  while (at < heights.length) {
    const left = heights.slice(at);
    if (left.length <= most && sum(left) <= roomOfLast) return [...pages, left.length];
    let taken = 1;
    while (taken < most && taken < left.length && sum(left.slice(0, taken + 1)) <= room) taken += 1;
    if (taken === left.length && taken > 1) taken -= 1;
    pages.push(taken);
    at += taken;
  }
  return pages.length > 0 ? pages : [0];
}

const sum = (of: number[]): number => of.reduce((all, one) => all + one, 0);
