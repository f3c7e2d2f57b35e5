//! BPMN 2.0 diagrams: nodes, flows and where they are drawn; made from a process tree.
//!
//! Writing and reading the XML is in `bpmn_xml`. What a diagram of another tool holds beyond this
//! (pools, data, messages) is counted there and not kept.
use super::tree::Tree;
use crate::log::Names;
use std::collections::BTreeMap;

/// What a node is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum NodeKind {
    Start,
    End,
    /// Any kind of task; a subprocess or call of another tool is one step too.
    Task,
    Exclusive,
    Parallel,
    Inclusive,
    EventBased,
    /// An event in between.
    Intermediate,
}

/// A point of the drawing.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Point {
    pub x: i32,
    pub y: i32,
}

/// A node, and where it is drawn.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Node {
    pub id: String,
    pub name: String,
    pub kind: NodeKind,
    /// Left upper corner.
    pub at: Point,
    pub width: i32,
    pub height: i32,
}

/// A sequence flow between nodes, by number, and its bends.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Flow {
    pub id: String,
    pub from: usize,
    pub to: usize,
    pub bends: Vec<Point>,
}

/// A diagram.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Bpmn {
    pub name: String,
    pub nodes: Vec<Node>,
    pub flows: Vec<Flow>,
    /// Elements of the file that are not kept, by name.
    pub not_kept: BTreeMap<String, u64>,
}

const TASK: (i32, i32) = (110, 64);
const GATE: i32 = 50;
const EVENT: i32 = 36;
const GAP_X: i32 = 44;
const GAP_Y: i32 = 26;
const MARGIN: i32 = 40;

/// How much room a block takes: width, and height above and below its middle line.
#[derive(Clone, Copy, Default)]
struct Room {
    width: i32,
    up: i32,
    down: i32,
}

/// Where a block is entered and left; `None` where it is nothing but a flow.
type Ends = Option<(usize, usize)>;

struct Drawing<'a> {
    names: &'a Names,
    bpmn: Bpmn,
}

/// Draws a tree, from left to right.
#[must_use]
pub fn draw(tree: &Tree, names: &Names, title: &str) -> Bpmn {
    let bpmn = Bpmn { name: title.to_owned(), ..Bpmn::default() };
    let mut drawing = Drawing { names, bpmn };
    let room = room(tree);
    let middle = MARGIN + room.up.max(EVENT / 2);
    let start = drawing.node(NodeKind::Start, "", MARGIN, middle);
    let left = MARGIN + EVENT + GAP_X;
    let ends = drawing.block(tree, left, middle);
    let end = drawing.node(NodeKind::End, "", left + room.width + GAP_X, middle);
    match ends {
        None => drawing.flow(start, end),
        Some((first, last)) => {
            drawing.flow(start, first);
            drawing.flow(last, end);
        }
    }
    drawing.bpmn
}

fn room(tree: &Tree) -> Room {
    let stacked = |of: &[Tree]| {
        let rooms: Vec<Room> = of.iter().map(room).collect();
        let height: i32 = rooms.iter().map(|r| r.up + r.down + GAP_Y).sum::<i32>() - GAP_Y;
        let width = rooms.iter().map(|r| r.width).max().unwrap_or(0) + 2 * (GATE + GAP_X);
        Room { width, up: height / 2, down: height - height / 2 }
    };
    match tree {
        Tree::Silent => Room { width: GAP_X, up: 10, down: 10 },
        Tree::Step(_) => Room { width: TASK.0, up: TASK.1 / 2, down: TASK.1 / 2 },
        Tree::Sequence(of) => {
            let rooms: Vec<Room> = of.iter().map(room).collect();
            Room {
                width: rooms.iter().map(|r| r.width + GAP_X).sum::<i32>() - GAP_X,
                up: rooms.iter().map(|r| r.up).max().unwrap_or(0),
                down: rooms.iter().map(|r| r.down).max().unwrap_or(0),
            }
        }
        Tree::Choice(of) | Tree::Parallel(of) => stacked(of),
        Tree::Loop(of) => {
            let rooms: Vec<Room> = of.iter().map(room).collect();
            let body = rooms[0];
            let others: i32 = rooms[1..].iter().map(|r| r.up + r.down + 2 * GAP_Y).sum();
            Room {
                width: rooms.iter().map(|r| r.width).max().unwrap_or(0) + 2 * (GATE + GAP_X),
                up: body.up.max(GATE / 2),
                down: body.down.max(GATE / 2) + others + GAP_Y,
            }
        }
    }
}

impl Drawing<'_> {
    fn node(&mut self, kind: NodeKind, name: &str, left: i32, middle: i32) -> usize {
        let number = self.bpmn.nodes.len();
        let (prefix, (width, height)) = match kind {
            NodeKind::Start => ("start", (EVENT, EVENT)),
            NodeKind::End => ("end", (EVENT, EVENT)),
            NodeKind::Task => ("task", TASK),
            NodeKind::Intermediate => ("event", (EVENT, EVENT)),
            NodeKind::Exclusive
            | NodeKind::Parallel
            | NodeKind::Inclusive
            | NodeKind::EventBased => ("gateway", (GATE, GATE)),
        };
        let at = Point { x: left, y: middle - height / 2 };
        let id = format!("{prefix}_{}", number + 1);
        self.bpmn.nodes.push(Node { id, name: name.to_owned(), kind, at, width, height });
        number
    }
    /// A flow from the right side of one node to the left side of another.
    fn flow(&mut self, from: usize, to: usize) {
        let (a, b) = (&self.bpmn.nodes[from], &self.bpmn.nodes[to]);
        let begin = Point { x: a.at.x + a.width, y: a.at.y + a.height / 2 };
        let end = Point { x: b.at.x, y: b.at.y + b.height / 2 };
        let between = if begin.y == end.y {
            Vec::new()
        } else {
            // The bend stands beside the gateway, so that branches leave and meet in one line.
            let is_split = !matches!(a.kind, NodeKind::Task | NodeKind::Start);
            let x = if is_split { begin.x + GAP_X / 2 } else { end.x - GAP_X / 2 };
            vec![Point { x, y: begin.y }, Point { x, y: end.y }]
        };
        let bends = std::iter::once(begin).chain(between).chain([end]).collect();
        self.bent(from, to, bends);
    }
    fn bent(&mut self, from: usize, to: usize, bends: Vec<Point>) {
        let id = format!("flow_{}", self.bpmn.flows.len() + 1);
        self.bpmn.flows.push(Flow { id, from, to, bends });
    }
    fn block(&mut self, tree: &Tree, left: i32, middle: i32) -> Ends {
        match tree {
            Tree::Silent => None,
            Tree::Step(step) => {
                let name = self.names.text(*step).to_owned();
                let node = self.node(NodeKind::Task, &name, left, middle);
                Some((node, node))
            }
            Tree::Sequence(of) => self.row(of, left, middle),
            Tree::Choice(of) => Some(self.stack(of, NodeKind::Exclusive, left, middle)),
            Tree::Parallel(of) => Some(self.stack(of, NodeKind::Parallel, left, middle)),
            Tree::Loop(of) => Some(self.circle(of, left, middle)),
        }
    }
    fn row(&mut self, of: &[Tree], left: i32, middle: i32) -> Ends {
        let mut ends: Ends = None;
        let mut x = left;
        for child in of {
            let own = self.block(child, x, middle);
            x += room(child).width + GAP_X;
            ends = match (ends, own) {
                (Some((first, last)), Some((next, end))) => {
                    self.flow(last, next);
                    Some((first, end))
                }
                (ends, own) => ends.or(own),
            };
        }
        ends
    }
    /// Branches below each other between two gateways.
    fn stack(&mut self, of: &[Tree], kind: NodeKind, left: i32, middle: i32) -> (usize, usize) {
        let width = of.iter().map(|child| room(child).width).max().unwrap_or(0);
        let split = self.node(kind, "", left, middle);
        let mut tops = middle - room(&Tree::Choice(of.to_vec())).up;
        let mut branches = Vec::new();
        for child in of {
            let own = room(child);
            let x = left + GATE + GAP_X + (width - own.width) / 2;
            let y = tops + own.up;
            branches.push((self.block(child, x, y), y));
            tops += own.up + own.down + GAP_Y;
        }
        let join = self.node(kind, "", left + GATE + 2 * GAP_X + width, middle);
        for (ends, y) in branches {
            match ends {
                Some((first, last)) => {
                    self.flow(split, first);
                    self.flow(last, join);
                }
                None => self.past(split, join, y),
            }
        }
        (split, join)
    }
    /// A flow past everything at a height of its own.
    fn past(&mut self, split: usize, join: usize, y: i32) {
        let (a, b) = (&self.bpmn.nodes[split], &self.bpmn.nodes[join]);
        let (from, to) = (a.at.x + a.width, b.at.x);
        let middle = a.at.y + a.height / 2;
        let (out, back) = (from + GAP_X / 2, to - GAP_X / 2);
        let bends =
            [(from, middle), (out, middle), (out, y), (back, y), (back, middle), (to, middle)];
        self.bent(split, join, bends.map(|(x, y)| Point { x, y }).to_vec());
    }
    /// The body between a joining and a splitting gateway; the ways back below it.
    fn circle(&mut self, of: &[Tree], left: i32, middle: i32) -> (usize, usize) {
        let rooms: Vec<Room> = of.iter().map(room).collect();
        let width = rooms.iter().map(|r| r.width).max().unwrap_or(0);
        let join = self.node(NodeKind::Exclusive, "", left, middle);
        let x = |own: &Room| left + GATE + GAP_X + (width - own.width) / 2;
        let body = self.block(&of[0], x(&rooms[0]), middle);
        let split = self.node(NodeKind::Exclusive, "", left + GATE + 2 * GAP_X + width, middle);
        match body {
            Some((first, last)) => {
                self.flow(join, first);
                self.flow(last, split);
            }
            None => self.flow(join, split),
        }
        let mut top = middle + rooms[0].down.max(GATE / 2) + GAP_Y;
        for (child, own) in of.iter().zip(&rooms).skip(1) {
            let y = top + own.up;
            let ends = self.block(child, x(own), y);
            self.back(split, join, ends, (top, top + own.up + own.down + GAP_Y / 2));
            top += own.up + own.down + 2 * GAP_Y;
        }
        (join, split)
    }
    /// From the splitting gateway down, through what is between, and up into the joining one.
    fn back(&mut self, split: usize, join: usize, ends: Ends, (above, below): (i32, i32)) {
        let foot =
            |node: &Node| Point { x: node.at.x + node.width / 2, y: node.at.y + node.height };
        let (from, to) = (foot(&self.bpmn.nodes[split]), foot(&self.bpmn.nodes[join]));
        let down = |x: i32, y: i32| Point { x, y };
        match ends {
            None => {
                let y = above + GAP_Y / 2;
                self.bent(split, join, vec![from, down(from.x, y), down(to.x, y), to]);
            }
            Some((first, last)) => {
                let (a, b) = (&self.bpmn.nodes[first], &self.bpmn.nodes[last]);
                let enter = Point { x: a.at.x, y: a.at.y + a.height / 2 };
                let leave = Point { x: b.at.x + b.width, y: b.at.y + b.height / 2 };
                let before = enter.x - GAP_X / 2;
                let after = leave.x + GAP_X / 2;
                let lane = above - GAP_Y / 2;
                let into = vec![
                    from,
                    down(from.x, lane),
                    down(before, lane),
                    down(before, enter.y),
                    enter,
                ];
                self.bent(split, first, into);
                let out =
                    vec![leave, down(after, leave.y), down(after, below), down(to.x, below), to];
                self.bent(last, join, out);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Tree::{Choice, Loop, Parallel, Sequence, Silent, Step};

    #[test]
    fn a_tree_becomes_tasks_between_gateways_that_do_not_overlap() {
        let mut names = Names::default();
        ["a", "b", "c", "d"].iter().for_each(|name| {
            names.intern(name);
        });
        let tree = Sequence(vec![
            Step(0),
            Choice(vec![Silent, Step(1)]),
            Loop(vec![Parallel(vec![Step(2), Step(3)]), Silent]),
        ]);
        let bpmn = draw(&tree, &names, "order to cash");
        let count = |kind| bpmn.nodes.iter().filter(|n| n.kind == kind).count();
        assert_eq!((count(NodeKind::Task), count(NodeKind::Exclusive)), (4, 4));
        assert_eq!((count(NodeKind::Parallel), count(NodeKind::Start)), (2, 1));
        // a, the choice (2 + 2), into and out of the loop, its body (2 + 2 + 2), back, the ends.
        assert_eq!(bpmn.flows.len(), 14);
        let apart = |a: &Node, b: &Node| {
            a.at.x + a.width <= b.at.x
                || b.at.x + b.width <= a.at.x
                || a.at.y + a.height <= b.at.y
                || b.at.y + b.height <= a.at.y
        };
        for (at, a) in bpmn.nodes.iter().enumerate() {
            assert!(bpmn.nodes[at + 1..].iter().all(|b| apart(a, b)), "{a:?}");
            assert!(a.at.x >= 0 && a.at.y >= 0);
        }
    }
}
