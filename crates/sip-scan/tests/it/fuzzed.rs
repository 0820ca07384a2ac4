//! What must hold for any input at all: the fuzzer tries it, and a test tries what the fuzzer kept.

use sip_scan::MAX_PROCESSES;

use crate::items::{scan, scan_files, scan_side_by_side, without_order};
use crate::{floor, reference};

/// The first three bytes say how the rest is cut: into blocks, and into three files.
pub(crate) fn check(input: &[u8]) {
    let [block, one, two, log @ ..] = input else {
        return;
    };
    let block = usize::from(*block) + 1;
    let whole = reference::read(log);
    assert!(
        whole.items.len() + whole.n_keep_alives >= floor::first_lines(log),
        "some are not told of"
    );
    // The scanner forgets the process that is silent longest; the plain reader forgets none.
    if whole.n_processes > MAX_PROCESSES {
        scan(log.chunks(block));
        return;
    }
    assert_eq!(scan([log]), whole.items, "in one block");
    assert_eq!(scan(log.chunks(block)), whole.items, "in blocks of {block} bytes");

    let (start, end) = log.split_at(log.len() * usize::from(*one) / 255);
    let (middle, end) = end.split_at(end.len() * usize::from(*two) / 255);
    let files = [start, middle, end];
    let whole = reference::read_files(&files);
    // Where a line is cut, its name is another.
    if whole.n_processes > MAX_PROCESSES {
        scan_files(&files, block);
        return;
    }
    assert_eq!(scan_files(&files, block), whole.items, "as one");
    floor::check(&files, block);
    floor::check(&[middle], block);
    // What begins a file like a line of a raw one is read as that where the file is read alone.
    if !files.iter().any(|file| reference::read(file).has_raw) {
        let items = scan_side_by_side(&files, block);
        assert_eq!(without_order(items), without_order(whole.items), "side by side");
    }
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::io::Read;

    use zip::ZipArchive;

    #[test]
    fn what_the_fuzzer_kept() {
        let seeds = concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/scan_seed_corpus.zip");
        let mut seeds = ZipArchive::new(File::open(seeds).unwrap()).unwrap();
        assert!(seeds.len() > 20, "{} inputs", seeds.len());
        for number in 0..seeds.len() {
            let mut input = Vec::new();
            seeds.by_index(number).unwrap().read_to_end(&mut input).unwrap();
            super::check(&input);
        }
    }
}
