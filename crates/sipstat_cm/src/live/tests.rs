//! What is printed and told, and when, by a machine that goes by a script.

mod memory;
mod records;
mod script;
mod sources;
mod windows;
