//! Stories, simulator runs, matrices and faults over the whole house, on both engines.
#[cfg(test)]
mod budgets;
#[cfg(test)]
mod drill;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod house;
#[cfg(test)]
mod imports;
#[cfg(test)]
mod keeping;
#[cfg(test)]
mod matrix;
#[cfg(test)]
mod nodes;
#[cfg(test)]
mod own_facts;
#[cfg(test)]
mod races;
#[cfg(test)]
mod random;
#[cfg(test)]
mod receiver;
#[cfg(test)]
mod scopes;
#[cfg(test)]
mod statements;
#[cfg(test)]
mod stories;

/// As in the program: an import makes and drops strings by the million.
#[cfg(test)]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
