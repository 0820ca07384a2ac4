//! Small crates, made up to see what counts as use of another file.

use std::path::Path;

use super::Modules;
use crate::circles;

/// The uses between the files of a crate, in the form `a.rs > b.rs`.
fn uses(files: &[(&str, &str)]) -> Vec<String> {
    let read = |path: &Path| {
        files
            .iter()
            .find(|(name, _)| path == Path::new(name))
            .map(|(_, text)| (*text).to_owned())
    };
    let references = Modules::read(Path::new("lib.rs"), &read).references();
    let lines = references.iter().flat_map(|(from, to)| {
        to.iter()
            .map(move |to| format!("{} > {}", from.display(), to.display()))
    });
    lines.collect()
}

/// The files that one another use, in a crate with the modules `a` and `b`.
fn circle(a: &str, b: &str) -> usize {
    let files = [("lib.rs", "mod a; mod b;"), ("a.rs", a), ("b.rs", b)];
    let read = |path: &Path| {
        files
            .iter()
            .find(|(name, _)| path == Path::new(name))
            .map(|(_, text)| (*text).to_owned())
    };
    circles::of(&Modules::read(Path::new("lib.rs"), &read).references())
        .iter()
        .map(Vec::len)
        .sum()
}

#[test]
fn two_files_that_use_one_another() {
    assert_eq!(circle("use crate::b::B;", "pub struct B;"), 0);
    assert_eq!(
        circle("use crate::b::B; pub struct A;", "use crate::a::A; pub struct B;"),
        2
    );
    // By a path in the code, in a macro, of an enum, in a tree, under another name, all names at once.
    for a in [
        "fn f() { crate::b::g() }",
        "fn f() { let _ = format!(\"{}\", super::b::g()); }",
        "fn f() -> u8 { crate::b::B::C as u8 }",
        "use super::{b::{c::D, E}};",
        "use crate::b::{g as h};",
        "use crate::b::*;",
        "pub use crate::b::B; fn f() -> B { B }",
        "pub(crate) use crate::b::B; fn f() { B::new() }",
        "use crate::b; fn f() { b::g() }",
    ] {
        assert_eq!(circle(a, "use crate::a::A;"), 2, "{a}");
    }
}

#[test]
fn what_does_not_count() {
    for a in [
        "// crate::b::g()\nfn f() -> &'static str { \"crate::b::g()\" }",
        "#[cfg(test)] mod tests { use crate::b::B; }",
        "#[cfg(test)] use crate::b::B;",
        "#[cfg(test)] pub(crate) fn f(x: [u8; 3]) { crate::b::g() }",
        "use crate::b;",
        "pub use crate::b::B;",
        "pub(crate) use crate::b::{B, C};",
        "use std::b::B; use other::b::B;",
    ] {
        assert_eq!(circle(a, "use crate::a::A;"), 0, "{a}");
    }
}

#[test]
fn a_name_that_is_passed_on_belongs_to_the_file_that_defines_it() {
    let files = [
        (
            "lib.rs",
            "mod a; mod b; pub use a::A; pub(crate) use b::c::C; pub const MAX_LINE: u8 = 1;",
        ),
        ("a.rs", "pub struct A; fn f() { crate::C::new() }"),
        ("b.rs", "pub mod c; use crate::{A, MAX_LINE};"),
        ("b/c.rs", "pub struct C;"),
    ];
    let expected = ["a.rs > b/c.rs", "b.rs > a.rs", "b.rs > lib.rs"];
    assert_eq!(uses(&files), expected);
}

#[test]
fn an_item_of_the_parent_makes_a_circle_with_it() {
    let files = [
        ("lib.rs", "mod a;"),
        ("a.rs", "mod b; const LIMIT: u8 = 1; fn f() { b::g() }"),
        ("a/b.rs", "use super::LIMIT;"),
    ];
    assert_eq!(uses(&files), ["a/b.rs > a.rs", "a.rs > a/b.rs"]);
}

#[test]
fn modules_within_a_file_and_in_folders() {
    let files = [
        (
            "lib.rs",
            "mod a { mod b { use super::super::c::C; } use super::c::d::D; } mod c;",
        ),
        ("c/mod.rs", "mod d; pub struct C;"),
        ("c/d.rs", "pub struct D;"),
    ];
    assert_eq!(uses(&files), ["lib.rs > c/d.rs", "lib.rs > c/mod.rs"]);
}
