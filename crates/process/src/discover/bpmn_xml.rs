//! BPMN 2.0 XML, with the diagram: written, and read back with what other tools write.
use super::bpmn::{Bpmn, Flow, Node, NodeKind, Point};
use kernel::{Error, Result};
use quick_xml::Reader;
use quick_xml::escape::escape;
use quick_xml::events::{BytesStart, Event};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::io::BufRead;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" \
xmlns:bpmndi=\"http://www.omg.org/spec/BPMN/20100524/DI\" \
xmlns:dc=\"http://www.omg.org/spec/DD/20100524/DC\" \
xmlns:di=\"http://www.omg.org/spec/DD/20100524/DI\" id=\"definitions\" \
targetNamespace=\"urn:huiliu:process\" exporter=\"Huiliu\">\n";

const fn element(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::Start => "startEvent",
        NodeKind::End => "endEvent",
        NodeKind::Task => "task",
        NodeKind::Exclusive => "exclusiveGateway",
        NodeKind::Parallel => "parallelGateway",
        NodeKind::Inclusive => "inclusiveGateway",
        NodeKind::EventBased => "eventBasedGateway",
        NodeKind::Intermediate => "intermediateThrowEvent",
    }
}

/// What an element of a file is; `None` for what is not kept.
fn kind(element: &str) -> Option<NodeKind> {
    Some(match element {
        "startEvent" => NodeKind::Start,
        "endEvent" => NodeKind::End,
        "exclusiveGateway" | "complexGateway" => NodeKind::Exclusive,
        "parallelGateway" => NodeKind::Parallel,
        "inclusiveGateway" => NodeKind::Inclusive,
        "eventBasedGateway" => NodeKind::EventBased,
        "intermediateThrowEvent" | "intermediateCatchEvent" | "boundaryEvent" => {
            NodeKind::Intermediate
        }
        "task" | "userTask" | "serviceTask" | "manualTask" | "scriptTask" | "sendTask"
        | "receiveTask" | "businessRuleTask" | "callActivity" | "subProcess" => NodeKind::Task,
        _ => return None,
    })
}

/// The diagram as XML; the same diagram gives the same bytes.
#[must_use]
pub fn write(bpmn: &Bpmn) -> String {
    let mut out = HEAD.to_owned();
    let name = escape(bpmn.name.as_str());
    let _ = writeln!(out, "<process id=\"process\" name=\"{name}\" isExecutable=\"false\">");
    for (number, node) in bpmn.nodes.iter().enumerate() {
        let tag = element(node.kind);
        let name = match node.name.as_str() {
            "" => String::new(),
            name => format!(" name=\"{}\"", escape(name)),
        };
        let _ = write!(out, "<{tag} id=\"{}\"{name}>", escape(node.id.as_str()));
        for flow in bpmn.flows.iter().filter(|flow| flow.to == number) {
            let _ = write!(out, "<incoming>{}</incoming>", escape(flow.id.as_str()));
        }
        for flow in bpmn.flows.iter().filter(|flow| flow.from == number) {
            let _ = write!(out, "<outgoing>{}</outgoing>", escape(flow.id.as_str()));
        }
        let _ = writeln!(out, "</{tag}>");
    }
    for flow in &bpmn.flows {
        let (from, to) = (&bpmn.nodes[flow.from].id, &bpmn.nodes[flow.to].id);
        let _ = writeln!(
            out,
            "<sequenceFlow id=\"{}\" sourceRef=\"{}\" targetRef=\"{}\"/>",
            escape(flow.id.as_str()),
            escape(from.as_str()),
            escape(to.as_str())
        );
    }
    out.push_str("</process>\n");
    diagram(&mut out, bpmn);
    out.push_str("</definitions>\n");
    out
}

fn diagram(out: &mut String, bpmn: &Bpmn) {
    out.push_str("<bpmndi:BPMNDiagram id=\"diagram\">");
    out.push_str("<bpmndi:BPMNPlane id=\"plane\" bpmnElement=\"process\">\n");
    for node in &bpmn.nodes {
        let id = escape(node.id.as_str());
        let marker =
            if node.kind == NodeKind::Exclusive { " isMarkerVisible=\"true\"" } else { "" };
        let _ = writeln!(
            out,
            "<bpmndi:BPMNShape id=\"shape_{id}\" bpmnElement=\"{id}\"{marker}><dc:Bounds x=\"{}\" \
             y=\"{}\" width=\"{}\" height=\"{}\"/></bpmndi:BPMNShape>",
            node.at.x, node.at.y, node.width, node.height
        );
    }
    for flow in &bpmn.flows {
        let id = escape(flow.id.as_str());
        let _ = write!(out, "<bpmndi:BPMNEdge id=\"edge_{id}\" bpmnElement=\"{id}\">");
        for Point { x, y } in &flow.bends {
            let _ = write!(out, "<di:waypoint x=\"{x}\" y=\"{y}\"/>");
        }
        out.push_str("</bpmndi:BPMNEdge>\n");
    }
    out.push_str("</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>\n");
}

/// What was read so far.
#[derive(Default)]
struct State {
    bpmn: Bpmn,
    has_process: bool,
    /// How deep inside a process; deeper ones are parts of a subprocess, which is one step here.
    depth: usize,
    flows: Vec<(String, String, String)>,
    bounds: BTreeMap<String, (Point, i32, i32)>,
    bends: BTreeMap<String, Vec<Point>>,
    /// The shape or edge that is open, by the id of what it draws.
    drawn: String,
}

/// Reads the first process of a file. Errors: `bpmn.broken`, `bpmn.no_process`,
/// `bpmn.dangling_flow`.
pub fn read(stream: impl BufRead) -> Result<Bpmn> {
    let mut reader = Reader::from_reader(stream);
    let mut state = State::default();
    let mut buffer = Vec::new();
    let mut open = 0_usize;
    loop {
        let event = reader.read_event_into(&mut buffer);
        let event = event.map_err(|e| broken(&reader, e))?;
        match event {
            Event::Start(element) => {
                open += 1;
                state.begin(&element);
            }
            Event::Empty(element) => {
                state.begin(&element);
                state.end(element.local_name().as_ref());
            }
            Event::End(element) => {
                open = open.saturating_sub(1);
                state.end(element.local_name().as_ref());
            }
            Event::Eof if open > 0 => return Err(broken(&reader, "EOF")),
            Event::Eof => break,
            _ => {}
        }
        buffer.clear();
    }
    state.finish()
}

fn broken<R>(reader: &Reader<R>, what: impl std::fmt::Display) -> Error {
    Error::invalid("bpmn.broken", what).with("place", format!("byte {}", reader.buffer_position()))
}

fn get(element: &BytesStart<'_>, name: &str) -> String {
    let mut attributes = element.attributes();
    attributes.with_checks(false);
    let found = attributes.flatten().find(|a| a.key.as_ref() == name);
    found.map_or_else(String::new, |a| match quick_xml::escape::unescape(&a.value) {
        Ok(text) => text.into_owned(),
        Err(_) => a.value.into_owned(),
    })
}

/// Other tools write fractions; a drawing needs none.
fn whole(element: &BytesStart<'_>, name: &str) -> i32 {
    get(element, name).parse::<f64>().map_or(0, |n| n.round() as i32)
}

impl State {
    fn begin(&mut self, element: &BytesStart<'_>) {
        let name = element.local_name();
        let name = name.as_ref();
        match name {
            "process" if !self.has_process => {
                self.has_process = true;
                self.depth = 1;
                self.bpmn.name = get(element, "name");
                return;
            }
            "BPMNShape" | "BPMNEdge" => self.drawn = get(element, "bpmnElement"),
            "Bounds" if !self.drawn.is_empty() => {
                let at = Point { x: whole(element, "x"), y: whole(element, "y") };
                let size = (whole(element, "width"), whole(element, "height"));
                // The first bounds are the shape's; a label's come after.
                let drawn = self.drawn.clone();
                self.bounds.entry(drawn).or_insert((at, size.0, size.1));
            }
            "waypoint" => {
                let point = Point { x: whole(element, "x"), y: whole(element, "y") };
                self.bends.entry(self.drawn.clone()).or_default().push(point);
            }
            _ => {}
        }
        if self.depth == 0 {
            return;
        }
        self.depth += 1;
        if self.depth == 2 {
            self.part(name, element);
        }
    }
    fn part(&mut self, name: &str, element: &BytesStart<'_>) {
        let id = get(element, "id");
        if let Some(kind) = kind(name) {
            let name = get(element, "name");
            let at = Point::default();
            self.bpmn.nodes.push(Node { id, name, kind, at, width: 0, height: 0 });
        } else if name == "sequenceFlow" {
            self.flows.push((id, get(element, "sourceRef"), get(element, "targetRef")));
        } else {
            *self.bpmn.not_kept.entry(name.to_owned()).or_default() += 1;
        }
    }
    fn end(&mut self, name: &str) {
        if matches!(name, "BPMNShape" | "BPMNEdge") {
            self.drawn.clear();
        }
        if self.depth > 0 {
            self.depth -= 1;
        }
    }
    fn finish(mut self) -> Result<Bpmn> {
        if !self.has_process {
            return Err(Error::invalid("bpmn.no_process", "0"));
        }
        for node in &mut self.bpmn.nodes {
            if let Some((at, width, height)) = self.bounds.get(&node.id) {
                (node.at, node.width, node.height) = (*at, *width, *height);
            }
        }
        let numbers: BTreeMap<&str, usize> =
            self.bpmn.nodes.iter().enumerate().map(|(at, node)| (node.id.as_str(), at)).collect();
        for (id, from, to) in self.flows {
            let (Some(from), Some(to)) = (numbers.get(&*from), numbers.get(&*to)) else {
                return Err(Error::invalid("bpmn.dangling_flow", id));
            };
            let bends = self.bends.remove(&id).unwrap_or_default();
            self.bpmn.flows.push(Flow { id, from: *from, to: *to, bends });
        }
        Ok(self.bpmn)
    }
}

#[cfg(test)]
mod tests {
    use super::super::bpmn::draw;
    use super::super::tree::Tree::{Choice, Loop, Sequence, Silent, Step};
    use super::*;
    use crate::log::Names;

    #[test]
    fn a_diagram_survives_the_way_there_and_back() {
        let mut names = Names::default();
        ["check & \"pay\"", "ship <now>", "核对"].iter().for_each(|name| {
            names.intern(name);
        });
        let tree =
            Sequence(vec![Loop(vec![Step(0), Step(1), Silent]), Choice(vec![Silent, Step(2)])]);
        let bpmn = draw(&tree, &names, "order → cash");
        let text = write(&bpmn);
        assert_eq!(read(text.as_bytes()).expect("it was written so"), bpmn);
        assert_eq!(write(&read(text.as_bytes()).expect("again")), text);
    }

    #[test]
    fn what_another_tool_writes_is_read_and_the_rest_counted() {
        let text = r#"<bpmn:definitions xmlns:bpmn="x"><bpmn:collaboration id="c"/>
          <bpmn:process id="P" name="p"><bpmn:startEvent id="s"><bpmn:outgoing>f</bpmn:outgoing>
          </bpmn:startEvent><bpmn:userTask id="t" name="Check"/><bpmn:laneSet id="l"/>
          <bpmn:subProcess id="sub"><bpmn:task id="inner"/></bpmn:subProcess>
          <bpmn:sequenceFlow id="f" sourceRef="s" targetRef="t"/></bpmn:process>
          <di:BPMNShape bpmnElement="t"><dc:Bounds x="10.6" y="20" width="100" height="80"/>
          <di:BPMNLabel><dc:Bounds x="1" y="1" width="1" height="1"/></di:BPMNLabel></di:BPMNShape>
          </bpmn:definitions>"#;
        let bpmn = read(text.as_bytes()).expect("well formed");
        let told: Vec<_> = bpmn.nodes.iter().map(|n| (n.id.as_str(), n.kind)).collect();
        assert_eq!(told, [("s", NodeKind::Start), ("t", NodeKind::Task), ("sub", NodeKind::Task)]);
        assert_eq!((bpmn.nodes[1].at, bpmn.nodes[1].width), (Point { x: 11, y: 20 }, 100));
        assert_eq!(
            bpmn.not_kept.iter().map(|(k, n)| (k.as_str(), *n)).collect::<Vec<_>>(),
            [("laneSet", 1)]
        );
    }

    #[test]
    fn a_broken_file_says_what_is_broken() {
        let code = |text: &str| read(text.as_bytes()).expect_err("broken").code;
        assert_eq!(code("<definitions><process id='p'>"), "bpmn.broken");
        assert_eq!(code("<definitions/>"), "bpmn.no_process");
        let dangling = "<d><process id='p'><task id='t'/>\
                        <sequenceFlow id='f' sourceRef='t' targetRef='gone'/></process></d>";
        assert_eq!(code(dangling), "bpmn.dangling_flow");
    }
}
