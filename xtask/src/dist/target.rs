//! The kinds of machine that the programs are built for.

use std::path::{Path, PathBuf};

use crate::child;

/// A kind of machine.
#[derive(Debug)]
pub(crate) struct Target {
    /// The name that rustc knows.
    pub(crate) triple: &'static str,
    /// The programs that are built for it.
    pub(crate) programs: &'static [&'static str],
    /// Additional flags for rustc.
    pub(super) flags: &'static [&'static str],
    /// The linker, if it has to be installed.
    pub(super) linker: Option<&'static str>,
    /// The notice of the C library that is linked in.
    pub(super) notice: &'static str,
}

/// The linker that rustup installs. It links for all kinds of Linux, and in the same way on each machine.
const OWN_LINKER: &str = "-Clinker=rust-lld";

/// Functions of the same instructions become one. A program has 2 % less of them then.
const ONE_OF_EACH: &str = "-Clink-arg=--icf=all";

/// Communication Manager 7 and later. The programs have fixed addresses. That makes them smaller, and how an old kernel places
/// programs that have none does not matter.
pub(crate) const LINUX_64: Target = Target {
    triple: "x86_64-unknown-linux-musl",
    programs: &["backup_ecs", "sipstat_cm"],
    flags: &[OWN_LINKER, ONE_OF_EACH, "-Crelocation-model=static"],
    linker: None,
    notice: "musl.txt",
};

/// Communication Manager 6, whose system is a 32-bit one.
pub(crate) const LINUX_32: Target = Target {
    triple: "i686-unknown-linux-musl",
    programs: &["backup_ecs", "sipstat_cm"],
    flags: &[OWN_LINKER, ONE_OF_EACH],
    linker: None,
    notice: "musl.txt",
};

/// Windows laptops.
pub(crate) const WINDOWS: Target = Target {
    triple: "x86_64-pc-windows-gnu",
    programs: &["sipstat_cm"],
    // Else the program would have the time at which it was linked in it.
    flags: &["-Clink-arg=-Wl,--no-insert-timestamp"],
    linker: Some("x86_64-w64-mingw32-gcc"),
    notice: "mingw-w64.txt",
};

/// All targets.
pub(super) const TARGETS: [Target; 3] = [LINUX_64, LINUX_32, WINDOWS];

impl Target {
    pub(super) fn is_windows(&self) -> bool {
        self.triple.contains("windows")
    }

    /// Whether the linker is installed.
    pub(crate) fn has_linker(&self) -> bool {
        self.linker.is_none_or(child::is_there)
    }

    /// The name of the file of a program.
    pub(super) fn file_of(&self, program: &str) -> String {
        let end = if self.is_windows() { ".exe" } else { "" };
        format!("{program}{end}")
    }

    /// Where the program at `path` goes, in the folder that people copy from.
    pub(super) fn folder_of(&self, path: &Path) -> PathBuf {
        Path::new(self.triple).join(path.file_name().unwrap_or_default())
    }
}
