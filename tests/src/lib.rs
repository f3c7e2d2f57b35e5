//! Stories, simulator runs and faults over the whole house.
