//! The process map as SVG: width is volume, colour is wait. Readable without colour and script.
use super::layout::{BOX, Drawing, Line, Node, Place, draw};
use super::study::Study;
use super::words::{Words, escape, grouped};
use crate::log::NONE;
use crate::mine::Edge;
use std::fmt::Write;

/// A path of the map.
struct Path<'a> {
    from: usize,
    to: usize,
    count: u64,
    /// What was measured; none from the start and to the end.
    edge: Option<&'a Edge>,
}

/// The map of a study.
pub(super) fn map(study: &Study, words: Words) -> String {
    let map = &study.map;
    let n = map.activities.len();
    let (start, end) = (n, n + 1);
    let place = |activity: u32| map.activities.iter().position(|a| *a == activity);
    let mut paths: Vec<Path<'_>> = Vec::new();
    for edge in map.edges.iter().map(|at| &map.dfg.edges[*at]) {
        if let (Some(from), Some(to)) = (place(edge.from), place(edge.to)) {
            paths.push(Path { from, to, count: edge.count, edge: Some(edge) });
        }
    }
    for (at, activity) in map.activities.iter().enumerate() {
        let activity = *activity as usize;
        if map.starts.contains(&map.activities[at]) {
            let count = map.dfg.starts[activity];
            paths.push(Path { from: start, to: at, count, edge: None });
        }
        if map.ends.contains(&map.activities[at]) {
            paths.push(Path { from: at, to: end, count: map.dfg.ends[activity], edge: None });
        }
    }
    let nodes = nodes(study);
    let edges: Vec<(usize, usize)> = paths.iter().map(|p| (p.from, p.to)).collect();
    let drawing = draw(&nodes, &edges, study.lanes.1.len());
    let mut out = String::new();
    let (width, height) = (drawing.width, drawing.height);
    let title = words.of("map-title");
    let _ = write!(
        out,
        "<svg class=\"map\" viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" \
         role=\"img\" aria-label=\"{title}\"><title>{title}</title>{MARKERS}"
    );
    lanes(&mut out, study, &drawing);
    let widest = paths.iter().map(|p| p.count).max().unwrap_or(1).max(1);
    let longest = paths.iter().filter_map(|p| p.edge).map(|e| e.wait.median).fold(0.0, f64::max);
    for line in &drawing.lines {
        path(&mut out, words, &paths[line.edge], line, widest, longest);
    }
    for own in paths.iter().filter(|p| p.from == p.to) {
        self_loop(&mut out, words, own, drawing.nodes[own.from], longest);
    }
    boxes(&mut out, study, &drawing, words);
    let mut taken: Vec<Place> = Vec::new();
    for line in &drawing.lines {
        label(&mut out, words, &paths[line.edge], line, &drawing, &mut taken);
    }
    out.push_str("</svg>");
    out
}

const MARKERS: &str = "<defs>\
<marker id=\"m0\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"11\" markerHeight=\"11\" \
markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path class=\"a0\" d=\"M0 0 8 4 0 8z\"/></marker>\
<marker id=\"m1\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"11\" markerHeight=\"11\" \
markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path class=\"a1\" d=\"M0 0 8 4 0 8z\"/></marker>\
<marker id=\"m2\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"11\" markerHeight=\"11\" \
markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path class=\"a2\" d=\"M0 0 8 4 0 8z\"/></marker>\
<marker id=\"m3\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"11\" markerHeight=\"11\" \
markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path class=\"a3\" d=\"M0 0 8 4 0 8z\"/></marker>\
</defs>";

/// Activities with their usual place in a case, start and end last. What comes back in a loop
/// stands where it first came.
fn nodes(study: &Study) -> Vec<Node> {
    let n = study.log.activities.len();
    let mut sums = vec![(0_u64, 0_u64); n];
    let mut seen = vec![NONE; n];
    for (case, trace) in study.flat.traces().enumerate() {
        for (at, event) in trace.iter().enumerate() {
            let activity = study.log.events.activity[*event as usize] as usize;
            if seen[activity] != case as u32 {
                seen[activity] = case as u32;
                sums[activity].0 += at as u64;
                sums[activity].1 += 1;
            }
        }
    }
    let of = |activity: &u32| {
        let (sum, times) = sums[*activity as usize];
        Node { lane: study.lanes.0[*activity as usize], position: sum as f64 / times.max(1) as f64 }
    };
    let mut nodes: Vec<Node> = study.map.activities.iter().map(of).collect();
    let most = |shares: &[u64]| {
        let of = |a: &&u32| (shares[**a as usize], std::cmp::Reverse(**a));
        let activity = study.map.activities.iter().max_by_key(of).copied().unwrap_or(0);
        study.lanes.0[activity as usize]
    };
    let (first, last) = (most(&study.map.dfg.starts), most(&study.map.dfg.ends));
    nodes.push(Node { lane: first, position: -1.0 });
    nodes.push(Node { lane: last, position: f64::MAX });
    nodes
}

fn lanes(out: &mut String, study: &Study, drawing: &Drawing) {
    let names = &study.lanes.1;
    for (at, ((left, right), name)) in drawing.lanes.iter().zip(names).enumerate() {
        let class = if at % 2 == 0 { "lane" } else { "lane odd" };
        let (width, middle) = (right - left, (left + right) / 2.0);
        let (height, name) = (drawing.height, escape(name));
        let _ = write!(
            out,
            "<rect class=\"{class}\" x=\"{left:.0}\" y=\"0\" width=\"{width:.0}\" \
             height=\"{height:.0}\"/>\
             <text class=\"lane-name\" x=\"{middle:.0}\" y=\"20\">{name}</text>"
        );
    }
}

/// Which of the four colours a wait has.
fn heat(wait: f64, longest: f64) -> usize {
    match wait / longest.max(1.0) {
        share if share >= 0.6 => 3,
        share if share >= 0.3 => 2,
        share if share >= 0.08 => 1,
        _ => 0,
    }
}

fn stroke(count: u64, widest: u64) -> f64 {
    1.0 + 6.0 * (count as f64 / widest as f64).sqrt()
}

/// Where a line leaves and enters its boxes.
fn ends(line: &Line) -> Vec<Place> {
    let mut points = line.points.clone();
    let half = BOX.1 / 2.0;
    let last = points.len() - 1;
    let down = points[0].y < points[last].y;
    let shift = if line.is_back { 18.0 } else { 0.0 };
    points[0].y += if down { half } else { -half };
    points[last].y += if down { -half - 1.0 } else { half + 1.0 };
    points[0].x += shift;
    points[last].x += shift;
    points
}

fn path(out: &mut String, words: Words, path: &Path<'_>, line: &Line, widest: u64, longest: f64) {
    let points = ends(line);
    let heat = path.edge.map_or(0, |e| heat(e.wait.median, longest));
    let mut way = format!("M{:.1} {:.1}", points[0].x, points[0].y);
    for pair in points.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        let middle = (a.y + b.y) / 2.0;
        let _ = write!(way, "C{:.1} {middle:.1} {:.1} {middle:.1} {:.1} {:.1}", a.x, b.x, b.x, b.y);
    }
    let class = match (path.edge.is_some(), line.is_back) {
        (false, _) => "p e0 dot",
        (true, true) => "p dash",
        (true, false) => "p",
    };
    let width = stroke(path.count, widest);
    let title = path.edge.map_or_else(String::new, |e| tip(words, e));
    let _ = write!(
        out,
        "<path class=\"{class} e{heat}\" d=\"{way}\" stroke-width=\"{width:.1}\" \
         marker-end=\"url(#m{heat})\">{title}</path>"
    );
}

/// What a pointer shows.
fn tip(words: Words, edge: &Edge) -> String {
    let values = [
        ("count", grouped(edge.count)),
        ("median", words.time(edge.wait.median)),
        ("mean", words.time(edge.wait.mean)),
        ("p90", words.time(edge.wait.p90)),
        ("working", words.time(edge.working.median)),
    ];
    let values: Vec<(&str, &str)> = values.iter().map(|(n, v)| (*n, v.as_str())).collect();
    format!("<title>{}</title>", escape(&words.say("map-tip", &values)))
}

/// How much room a label takes.
const LABEL: (f64, f64) = (44.0, 25.0);

/// A point of a line, from 0 at its beginning to 1 at its end.
fn point(points: &[Place], share: f64) -> Place {
    let way = share * (points.len() - 1) as f64;
    let at = (way.floor() as usize).min(points.len() - 2);
    let t = way - at as f64;
    let (a, b) = (points[at], points[at + 1]);
    // The cubic of `path` has its bends half way down.
    let ease = t * t * (3.0 - 2.0 * t);
    let y = 1.5 * t * (1.0 - t) + t * t * t;
    Place { x: a.x + (b.x - a.x) * ease, y: a.y + (b.y - a.y) * y.clamp(0.0, 1.0) }
}

/// The first place along the line that no box and no other label has.
fn free(points: &[Place], drawing: &Drawing, taken: &[Place]) -> Place {
    let clashes = |p: &Place| {
        let label = |o: &Place| (o.x - p.x).abs() < LABEL.0 && (o.y - p.y).abs() < LABEL.1;
        let node = |o: &Place| {
            (o.x - p.x).abs() < (BOX.0 + LABEL.0) / 2.0
                && (o.y - p.y).abs() < (BOX.1 + LABEL.1) / 2.0
        };
        taken.iter().any(label) || drawing.nodes.iter().any(node)
    };
    let shares = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.2, 0.8];
    let mut places = shares.iter().map(|share| point(points, *share));
    places.find(|place| !clashes(place)).unwrap_or_else(|| point(points, 0.5))
}

fn label(
    out: &mut String,
    words: Words,
    path: &Path<'_>,
    line: &Line,
    drawing: &Drawing,
    taken: &mut Vec<Place>,
) {
    let place = free(&ends(line), drawing, taken);
    taken.push(place);
    let (x, y) = (place.x, place.y);
    let count = grouped(path.count);
    let _ = match path.edge {
        None => write!(out, "<text class=\"n\" x=\"{x:.1}\" y=\"{y:.1}\">{count}</text>"),
        Some(edge) => {
            let wait = words.time(edge.wait.median);
            write!(
                out,
                "<text class=\"n\" x=\"{x:.1}\" y=\"{y:.1}\">{count}<tspan class=\"w\" \
                 x=\"{x:.1}\" dy=\"12\">{wait}</tspan></text>"
            )
        }
    };
}

fn self_loop(out: &mut String, words: Words, path: &Path<'_>, at: Place, longest: f64) {
    let Some(edge) = path.edge else { return };
    let heat = heat(edge.wait.median, longest);
    let (x, y) = (at.x + BOX.0 / 2.0, at.y);
    let (count, tip) = (grouped(path.count), tip(words, edge));
    let _ = write!(
        out,
        "<path class=\"p e{heat}\" d=\"M{x:.1} {:.1}c22 -10 22 28 1 20\" stroke-width=\"1.6\" \
         marker-end=\"url(#m{heat})\">{tip}</path>\
         <text class=\"n loop\" x=\"{:.1}\" y=\"{:.1}\">↻ {count}</text>",
        y - 10.0,
        x - 4.0,
        y - BOX.1 / 2.0 - 4.0
    );
}

fn boxes(out: &mut String, study: &Study, drawing: &Drawing, words: Words) {
    let map = &study.map;
    let most = map.activities.iter().map(|a| map.dfg.activities[*a as usize]).max().unwrap_or(1);
    for (at, place) in drawing.nodes.iter().enumerate() {
        let Some(activity) = map.activities.get(at) else {
            let key = if at == map.activities.len() { "map-start" } else { "map-end" };
            let _ = write!(
                out,
                "<rect class=\"pill\" x=\"{:.1}\" y=\"{:.1}\" width=\"76\" height=\"28\" \
                 rx=\"14\"/>\
                 <text class=\"b\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
                place.x - 38.0,
                place.y - if key == "map-start" { 6.0 } else { 22.0 },
                place.x,
                place.y + if key == "map-start" { 12.5 } else { -3.5 },
                words.of(key)
            );
            continue;
        };
        let count = map.dfg.activities[*activity as usize];
        let tint = 0.06 + 0.22 * (count as f64 / most as f64);
        let (x, y) = (place.x - BOX.0 / 2.0, place.y - BOX.1 / 2.0);
        let name = study.activity(*activity);
        let _ = write!(
            out,
            "<g><title>{}</title><rect class=\"box\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{:.0}\" \
             height=\"{:.0}\" rx=\"7\"/><rect class=\"tint\" x=\"{x:.1}\" y=\"{y:.1}\" \
             width=\"{:.0}\" height=\"{:.0}\" rx=\"7\" fill-opacity=\"{tint:.2}\"/>",
            escape(name),
            BOX.0,
            BOX.1,
            BOX.0,
            BOX.1
        );
        let lines = wrapped(name);
        let first = if lines.len() > 1 { place.y - 9.0 } else { place.y - 3.0 };
        for (row, line) in lines.iter().enumerate() {
            let y = first + row as f64 * 12.5;
            let _ = write!(
                out,
                "<text class=\"b\" x=\"{:.1}\" y=\"{y:.1}\">{}</text>",
                place.x,
                escape(line)
            );
        }
        let _ = write!(
            out,
            "<text class=\"c\" x=\"{:.1}\" y=\"{:.1}\">{}</text></g>",
            place.x,
            place.y + 17.5,
            grouped(count)
        );
    }
}

/// At most two lines of about 25 Latin letters; a Chinese character is as wide as two.
fn wrapped(name: &str) -> Vec<String> {
    const ROOM: usize = 25;
    let wide = |c: char| if c as u32 > 0x2e7f { 2 } else { 1 };
    let width = |text: &str| text.chars().map(wide).sum::<usize>();
    if width(name) <= ROOM {
        return vec![name.to_owned()];
    }
    let mut lines = vec![String::new()];
    let spaced = name.contains(' ');
    let parts: Vec<String> = if spaced {
        name.split(' ').map(|word| format!("{word} ")).collect()
    } else {
        name.chars().map(String::from).collect()
    };
    for part in parts {
        let line = lines.len() - 1;
        if width(&lines[line]) + width(part.trim_end()) > ROOM && !lines[line].is_empty() {
            if lines.len() == 2 {
                let mut short: String = lines[1].trim_end().to_owned();
                while width(&short) > ROOM - 1 {
                    short.pop();
                }
                lines[1] = format!("{}…", short.trim_end());
                return lines;
            }
            lines.push(String::new());
        }
        let line = lines.len() - 1;
        lines[line].push_str(&part);
    }
    lines.into_iter().map(|line| line.trim_end().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_gets_two_lines_and_no_more() {
        assert_eq!(wrapped("pay"), ["pay"]);
        assert_eq!(
            wrapped("Send Request for Quotation to Supplier"),
            ["Send Request for", "Quotation to Supplier"]
        );
        let long =
            wrapped("T07-4 Draft internal advice to hold for type 4 and then some more words");
        assert_eq!(long.len(), 2);
        assert!(long[1].ends_with('…'));
        assert_eq!(wrapped("核对采购订单与供应商发票是否一致并且登记").len(), 2);
    }
}
