//! Prints the migration from an older schema to the declared one; a person reads and numbers it.
use std::process::ExitCode;
use store::schema_step::{Schema, step};

/// What the verb is for, for the usage text.
pub(crate) const PURPOSE: &str = "print the way from the schema in FILE to the declared one";

pub(crate) fn run(file: Option<&str>) -> ExitCode {
    let Some(file) = file else {
        eprintln!("error: name the file of the older schema");
        return ExitCode::FAILURE;
    };
    let before = match std::fs::read_to_string(file) {
        Ok(text) => Schema::of(&text),
        Err(e) => {
            eprintln!("{file}: {e}");
            return ExitCode::FAILURE;
        }
    };
    let entities = flows::entities();
    match step(&before, &Schema::of(&store::schema::ddl(&entities)), &entities) {
        Ok(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Err(e) => {
            eprintln!("{}: {}", e.code, e.detail);
            ExitCode::FAILURE
        }
    }
}
