//! Models from a log: the simplified map, the process tree, and BPMN.
pub mod bpmn;
pub mod bpmn_xml;
mod cuts;
pub mod inductive;
pub mod replay;
pub mod sliders;
pub mod tree;
