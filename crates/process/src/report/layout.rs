//! Where the boxes of a map stand and how its lines run. Knows widths, no colours and no words.
//!
//! Layers from top to bottom by the longest way along forward paths; what spans several layers gets
//! a bend in each; boxes of a lane stay in its column. Only sorting and averages, so the same graph
//! always looks the same.

/// A box to place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    pub(super) lane: u32,
    /// Where in a case it usually stands: 0 at the start, 1 at the end.
    pub(super) position: f64,
}

/// A placed box or bend: its centre.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Place {
    pub(super) x: f64,
    pub(super) y: f64,
}

/// A line through bends, from the first box to the last.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// Number of the edge as it was given.
    pub(super) edge: usize,
    pub(super) points: Vec<Place>,
    /// It runs against the order of layers.
    pub(super) is_back: bool,
}

/// A drawing.
#[derive(Debug)]
pub(super) struct Drawing {
    pub(super) nodes: Vec<Place>,
    pub(super) lines: Vec<Line>,
    /// Left and right border of each lane.
    pub(super) lanes: Vec<(f64, f64)>,
    pub(super) width: f64,
    pub(super) height: f64,
}

pub(super) const BOX: (f64, f64) = (176.0, 44.0);
const GAP: f64 = 30.0;
const BEND: f64 = 48.0;
const LAYER: f64 = 98.0;
const MARGIN: f64 = 16.0;

/// A box (`node` is its number) or a bend in a layer.
struct Slot {
    node: Option<usize>,
    lane: u32,
    layer: usize,
    x: f64,
    /// What it is joined to in the layer above and the one below.
    up: Vec<usize>,
    down: Vec<usize>,
}

impl Slot {
    const fn width(&self) -> f64 {
        if self.node.is_some() { BOX.0 + GAP } else { BEND }
    }
}

/// Places boxes and lines. Edges are pairs of nodes; self-loops are left out.
pub(super) fn draw(nodes: &[Node], edges: &[(usize, usize)], lanes: usize) -> Drawing {
    let is_back = |from: usize, to: usize| (nodes[to].position, to) <= (nodes[from].position, from);
    let layers = layers(nodes, edges, &is_back);
    let mut slots: Vec<Slot> = (0..nodes.len())
        .map(|n| Slot {
            node: Some(n),
            lane: nodes[n].lane,
            layer: layers[n],
            x: nodes[n].position,
            up: Vec::new(),
            down: Vec::new(),
        })
        .collect();
    let mut ways: Vec<(usize, Vec<usize>, bool)> = Vec::new();
    for (edge, (from, to)) in edges.iter().enumerate().filter(|(_, (from, to))| from != to) {
        let back = is_back(*from, *to);
        let (high, low) = if back { (*to, *from) } else { (*from, *to) };
        let mut way = vec![high];
        for layer in layers[high] + 1..layers[low] {
            let lane = if layer * 2 > layers[high] + layers[low] { low } else { high };
            let lane = nodes[lane].lane;
            let x = nodes[high].position;
            let bend = Slot { node: None, lane, layer, x, up: Vec::new(), down: Vec::new() };
            way.push(slots.len());
            slots.push(bend);
        }
        way.push(low);
        for pair in way.windows(2) {
            slots[pair[0]].down.push(pair[1]);
            slots[pair[1]].up.push(pair[0]);
        }
        if back {
            way.reverse();
        }
        ways.push((edge, way, back));
    }
    let rows = order(&mut slots);
    let (borders, width) = columns(&slots, &rows, lanes);
    settle(&mut slots, &rows, &borders);
    finish(nodes.len(), &slots, ways, rows.len(), borders, width)
}

fn finish(
    nodes: usize,
    slots: &[Slot],
    ways: Vec<(usize, Vec<usize>, bool)>,
    rows: usize,
    lanes: Vec<(f64, f64)>,
    width: f64,
) -> Drawing {
    let top = MARGIN + BOX.1 / 2.0 + if lanes.len() > 1 { 26.0 } else { 0.0 };
    let place = |slot: &Slot| Place { x: slot.x, y: top + slot.layer as f64 * LAYER };
    let line = |(edge, way, is_back): (usize, Vec<usize>, bool)| Line {
        edge,
        points: way.iter().map(|at| place(&slots[*at])).collect(),
        is_back,
    };
    Drawing {
        nodes: slots[..nodes].iter().map(place).collect(),
        lines: ways.into_iter().map(line).collect(),
        lanes,
        width,
        height: top + rows.saturating_sub(1) as f64 * LAYER + BOX.1 / 2.0 + MARGIN,
    }
}

/// The longest way along edges, those that run back taken the other way round. Nodes are taken by
/// position, so ways never run in circles, and no edge stays within a layer.
fn layers(
    nodes: &[Node],
    edges: &[(usize, usize)],
    is_back: &dyn Fn(usize, usize) -> bool,
) -> Vec<usize> {
    let mut order: Vec<usize> = (0..nodes.len()).collect();
    order.sort_by(|a, b| nodes[*a].position.total_cmp(&nodes[*b].position).then(a.cmp(b)));
    let mut layers = vec![0; nodes.len()];
    for node in order {
        for (from, to) in edges.iter().filter(|(from, to)| from != to) {
            let (high, low) = if is_back(*from, *to) { (*to, *from) } else { (*from, *to) };
            if high == node {
                layers[low] = layers[low].max(layers[node] + 1);
            }
        }
    }
    layers
}

/// Rows of slots, each ordered by lane and by the average place of what they are joined to.
fn order(slots: &mut [Slot]) -> Vec<Vec<usize>> {
    let count = slots.iter().map(|s| s.layer + 1).max().unwrap_or(0);
    let mut rows: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (at, slot) in slots.iter().enumerate() {
        rows[slot.layer].push(at);
    }
    let number = |slots: &mut [Slot], row: &[usize]| {
        for (place, at) in row.iter().enumerate() {
            slots[*at].x = place as f64 - row.len() as f64 / 2.0;
        }
    };
    for row in &mut rows {
        row.sort_by_key(|at| (slots[*at].lane, *at));
        number(slots, row);
    }
    for sweep in 0..8 {
        let downward = sweep % 2 == 0;
        let sequence: Vec<usize> =
            if downward { (0..count).collect() } else { (0..count).rev().collect() };
        for at in sequence {
            let mean = |slot: &Slot| {
                let joined = if downward { &slot.up } else { &slot.down };
                let sum: f64 = joined.iter().map(|other| slots[*other].x).sum();
                if joined.is_empty() { slot.x } else { sum / joined.len() as f64 }
            };
            let means: Vec<f64> = slots.iter().map(mean).collect();
            rows[at].sort_by(|a, b| {
                let lanes = slots[*a].lane.cmp(&slots[*b].lane);
                lanes.then(means[*a].total_cmp(&means[*b])).then(a.cmp(b))
            });
            number(slots, &rows[at]);
        }
    }
    rows
}

/// Borders of the lanes, each as wide as its widest row, and the width of all.
fn columns(slots: &[Slot], rows: &[Vec<usize>], lanes: usize) -> (Vec<(f64, f64)>, f64) {
    let mut left = MARGIN;
    let mut borders = Vec::new();
    for lane in 0..lanes.max(1) as u32 {
        let of_row = |row: &Vec<usize>| -> f64 {
            let own = row.iter().map(|at| &slots[*at]);
            own.filter(|s| s.lane == lane || lanes <= 1).map(Slot::width).sum()
        };
        let widest = rows.iter().map(of_row).fold(BOX.0 + GAP, f64::max);
        borders.push((left, left + widest));
        left += widest;
    }
    (borders, left + MARGIN)
}

/// Pulls each slot towards what it is joined to, within its lane and between its neighbours.
fn settle(slots: &mut [Slot], rows: &[Vec<usize>], borders: &[(f64, f64)]) {
    let border = |slot: &Slot| borders[(slot.lane as usize).min(borders.len() - 1)];
    let spans: Vec<(f64, f64)> = slots.iter().map(border).collect();
    for row in rows {
        for group in row.chunk_by(|a, b| spans[*a] == spans[*b]) {
            let (left, right) = spans[group[0]];
            let all: f64 = group.iter().map(|at| slots[*at].width()).sum();
            let mut x = (left + right - all) / 2.0;
            for at in group {
                let width = slots[*at].width();
                slots[*at].x = x + width / 2.0;
                x += width;
            }
        }
    }
    for sweep in 0..12 {
        let wanted: Vec<f64> = slots
            .iter()
            .map(|slot| {
                let joined = if sweep % 2 == 0 { &slot.up } else { &slot.down };
                let sum: f64 = joined.iter().map(|other| slots[*other].x).sum();
                if joined.is_empty() { slot.x } else { sum / joined.len() as f64 }
            })
            .collect();
        for row in rows {
            for group in row.chunk_by(|a, b| spans[*a] == spans[*b]) {
                pull(slots, group, &wanted, spans[group[0]]);
            }
        }
    }
}

/// As near to the wanted places as order, widths and borders allow.
fn pull(slots: &mut [Slot], group: &[usize], wanted: &[f64], (left, right): (f64, f64)) {
    let mut least = left;
    for at in group {
        let half = slots[*at].width() / 2.0;
        slots[*at].x = wanted[*at].max(least + half);
        least = slots[*at].x + half;
    }
    let mut most = right;
    for at in group.iter().rev() {
        let half = slots[*at].width() / 2.0;
        slots[*at].x = slots[*at].x.min(most - half);
        most = slots[*at].x - half;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(lane: u32, position: f64) -> Node {
        Node { lane, position }
    }

    #[test]
    fn boxes_stand_in_layers_and_never_on_each_other() {
        let nodes = [node(0, 0.0), node(0, 0.3), node(0, 0.4), node(0, 0.9)];
        let edges = [(0, 1), (0, 2), (1, 3), (2, 3), (0, 3), (3, 1), (1, 1)];
        let drawing = draw(&nodes, &edges, 0);
        let y: Vec<f64> = drawing.nodes.iter().map(|p| p.y).collect();
        assert!(y[0] < y[1] && y[1] == y[2] && y[2] < y[3]);
        assert!((drawing.nodes[1].x - drawing.nodes[2].x).abs() >= BOX.0 + GAP);
        assert_eq!(drawing.lines.len(), 6);
        let back: Vec<usize> = drawing.lines.iter().filter(|l| l.is_back).map(|l| l.edge).collect();
        assert_eq!(back, [5]);
        // Start to end passes one layer.
        assert_eq!(drawing.lines.iter().find(|l| l.edge == 4).map(|l| l.points.len()), Some(3));
        assert!(drawing.nodes.iter().all(|p| p.x > 0.0 && p.x < drawing.width));
    }

    #[test]
    fn a_lane_keeps_its_boxes_within_its_borders() {
        let nodes = [node(0, 0.0), node(1, 0.5), node(1, 0.6), node(0, 1.0)];
        let drawing = draw(&nodes, &[(0, 1), (0, 2), (1, 3), (2, 3)], 2);
        for (node, place) in nodes.iter().zip(&drawing.nodes) {
            let (left, right) = drawing.lanes[node.lane as usize];
            assert!(place.x - BOX.0 / 2.0 >= left && place.x + BOX.0 / 2.0 <= right);
        }
    }
}
