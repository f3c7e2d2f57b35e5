//! Models from a log: the simplified map, the process tree, and BPMN.
mod cuts;
pub mod inductive;
pub mod replay;
pub mod sliders;
pub mod tree;
