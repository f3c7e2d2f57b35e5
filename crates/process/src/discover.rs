//! Models from a log: the simplified map, the process tree, and BPMN.
pub mod sliders;
