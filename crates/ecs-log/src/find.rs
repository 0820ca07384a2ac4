//! Finds the files that inputs stand for, each path once.

use std::collections::{HashSet, VecDeque};
use std::ffi::{OsStr, OsString};
use std::fs::{self, File, Metadata};
use std::path::{Path, PathBuf};

use log_archive::Damage;

use crate::error::{Error, Operation};
use crate::found::Found;
use crate::identity::{Identity, identity};
use crate::listing::Listing;
use crate::log::Log;
use crate::pattern;
use crate::range::TimeRange;
use crate::stream::ArchiveStream;
use crate::tree::Search;

/// How many bytes of memory the logs in archives may take. Beyond it their lists are cut, and that is told.
const ROOM: usize = 16 << 20;

/// Which logs are wanted.
#[derive(Clone, Default, Debug)]
pub struct Request {
    /// Files, folders, patterns that the shell did not expand, or `-` for standard input.
    ///
    /// What exists is taken as it is written, also if it looks like a pattern. A file may have any name. Of a folder only the
    /// files with the name of an ECS log are taken, or, if it has none, those of the folders in it. A file without such a name
    /// may be an archive (tar or zip, with gzip around it or not): then the logs in it are taken, wherever they lie in it. No
    /// more than three archives, one in the other, are looked into.
    pub inputs: Vec<OsString>,
    /// Logs that are never chosen, wherever else they are found: they are listed as context around those of the same source that
    /// are, up to four before and four after.
    pub context: Vec<PathBuf>,
    /// The folders that are listed if `inputs` is empty.
    pub folders: Vec<PathBuf>,
    /// Only this many, the newest. By default, all.
    pub last: Option<usize>,
    /// Only those that can hold a part of this range. By default, all.
    pub range: Option<TimeRange>,
}

/// What a [`Request`] leads to, while some of it may have to be read first.
///
/// ```no_run
/// use std::io::Read;
///
/// let mut inputs = ecs_log::Inputs::new(&ecs_log::Request::default());
/// while let Some(mut archive) = inputs.next_archive() {
///     while let Some(mut log) = archive.next_log() {
///         let mut content = Vec::new();
///         if let Err(cause) = log.read_to_end(&mut content) {
///             println!("{}", log.read_failed(cause));
///         }
///     }
///     inputs.add(archive);
/// }
/// let selection = inputs.select();
/// ```
#[derive(Debug)]
pub struct Inputs {
    pub(crate) request: Request,
    pub(crate) found: Vec<Found>,
    pub(crate) problems: Vec<Error>,
    pub(crate) passed_over: Vec<Error>,
    /// What can be read only once, and was not read yet.
    unread: VecDeque<Unread>,
    seen: HashSet<Identity>,
    has_stdin: bool,
    leaves_pipes: bool,
    /// The number of the last input.
    order: usize,
    /// How many bytes of memory the logs in archives may still take.
    room: usize,
    /// The number of the next log in an archive that can be read only once.
    next_number: usize,
}

/// What can be read only once and may be an archive.
#[derive(Debug)]
struct Unread {
    log: Log,
    order: usize,
    /// Why the entries of an archive cannot be read in any order, though it lies in a file.
    damage: Option<Damage>,
}

impl Inputs {
    /// Finds the files, lists folders, and archives that can be read in any order.
    pub fn new(request: &Request) -> Inputs {
        let mut inputs = Inputs {
            request: request.clone(),
            found: Vec::new(),
            problems: Vec::new(),
            passed_over: Vec::new(),
            unread: VecDeque::new(),
            seen: HashSet::new(),
            has_stdin: false,
            leaves_pipes: false,
            order: 0,
            room: ROOM,
            next_number: 0,
        };
        for path in &request.context {
            inputs.add_context(path);
        }
        for input in &request.inputs {
            inputs.add_input(input);
        }
        if request.inputs.is_empty() {
            for folder in &request.folders {
                inputs.add_folder(folder);
            }
        }
        inputs
    }

    /// Takes a pipe, and whatever else is not a regular file, as one log, and does not look whether it is an archive: so
    /// nothing waits for its first bytes.
    pub fn leave_pipes(&mut self) {
        self.leaves_pipes = true;
    }

    fn add_context(&mut self, path: &Path) {
        match fs::metadata(path) {
            Ok(metadata) => {
                let first = self.found.len();
                self.add_log(Log::named(path.to_owned()), Some(&metadata));
                for found in self.found.iter_mut().skip(first) {
                    found.is_context = true;
                }
            }
            Err(cause) => self.problems.push(Error::io(Some(path), Operation::Open, cause)),
        }
    }

    /// The first input that can be read only once, and was not read yet: a pipe, or standard input.
    pub fn pipe(&self) -> Option<&Log> {
        self.unread.iter().map(|unread| &unread.log).find(|log| log.is_stream())
    }

    /// Adds a file, the logs in a folder, the files that match a pattern, or standard input for `-`. Of an archive it adds
    /// the logs, unless the archive can be read only once.
    fn add_input(&mut self, input: &OsStr) {
        if input == "-" {
            if !self.has_stdin {
                self.has_stdin = true;
                self.add_unread(Log::stdin(), None);
            }
            return;
        }
        let path = Path::new(input);
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => self.add_folder(path),
            Ok(metadata) => self.add_log(Log::named(path.to_owned()), Some(&metadata)),
            // Whatever is wrong with its folder is told when that is listed.
            Err(_) if pattern::is_pattern(input) => {
                for path in pattern::expand(path, &mut self.problems) {
                    self.add_listed(path);
                }
            }
            Err(cause) => self.problems.push(Error::io(Some(path), Operation::Open, cause)),
        }
    }

    /// The next archive that can be read only once. Its logs must be read now, before it is known which are chosen; then
    /// [`Inputs::add`] takes it back.
    ///
    /// To find it, pipes and the like are opened, and their first bytes are read.
    pub fn next_archive(&mut self) -> Option<ArchiveStream> {
        while let Some(unread) = self.unread.pop_front() {
            let opened = match self.leaves_pipes && unread.log.is_stream() {
                true => None,
                // Whatever is wrong is told when it is opened again, if it is chosen.
                false => unread.log.open_as_it_is().ok(),
            };
            let Some(mut reader) = opened else {
                self.push(unread.log, unread.order, false);
                continue;
            };
            let Some(form) = reader.form() else {
                unread.log.put_back(reader);
                self.push(unread.log, unread.order, false);
                continue;
            };
            let mut listing = Listing::new(&unread.log, unread.order, self.room);
            if let Some(damage) = unread.damage {
                listing.problems.failed(damage.into());
            }
            return Some(ArchiveStream::new(listing, self.next_number, form, reader));
        }
        None
    }

    /// Takes what was found in an archive. What was not read of it is left out.
    pub fn add(&mut self, archive: ArchiveStream) {
        self.next_number = self.next_number.max(archive.next_number);
        self.take_listing(archive.listing);
    }

    /// Says which of the logs that came by in archives to take if there are copies, by their numbers.
    pub fn prefer(&mut self, is_preferred: &dyn Fn(usize) -> bool) {
        for found in &mut self.found {
            found.is_preferred = found.log.streamed().is_some_and(is_preferred);
        }
    }

    /// Takes what was not read as it is.
    pub(crate) fn close(&mut self) {
        while let Some(unread) = self.unread.pop_front() {
            self.push(unread.log, unread.order, false);
        }
    }

    fn take_listing(&mut self, mut listing: Listing) {
        self.room = listing.room;
        self.problems.append(&mut listing.take_problems());
        self.found.append(&mut listing.found);
        for archive in listing.inner {
            self.add_unread(archive, None);
        }
    }

    fn push(&mut self, log: Log, order: usize, is_regular: bool) {
        self.found.push(Found::new(log, order, is_regular));
    }

    fn add_unread(&mut self, log: Log, damage: Option<Damage>) {
        let order = self.next_order();
        self.unread.push_back(Unread { log, order, damage });
    }

    fn next_order(&mut self) -> usize {
        self.order = self.order.saturating_add(1);
        self.order
    }

    fn add_folder(&mut self, folder: &Path) {
        let Request { inputs, folders, .. } = &self.request;
        let is_named = |inner: &Path| {
            let mut named = inputs.iter().map(Path::new).chain(folders.iter().map(PathBuf::as_path));
            let inner = fs::canonicalize(inner).ok();
            inner.is_some() && named.any(|named| fs::canonicalize(named).ok() == inner)
        };
        let mut search = Search {
            is_named: &is_named,
            problems: &mut self.problems,
            passed_over: &mut self.passed_over,
        };
        for path in search.logs(folder) {
            self.add_listed(path);
        }
    }

    fn add_listed(&mut self, path: PathBuf) {
        // It may be gone already. Whether that matters shows when it is opened, if it is chosen at all.
        let metadata = fs::metadata(&path).ok();
        self.add_log(Log::listed(path), metadata.as_ref());
    }

    fn add_log(&mut self, log: Log, metadata: Option<&Metadata>) {
        let identity = metadata.and_then(|metadata| identity(&log, metadata));
        if identity.is_some_and(|identity| !self.seen.insert(identity)) {
            return;
        }
        let is_regular = metadata.is_some_and(Metadata::is_file);
        if metadata.is_some() && !is_regular {
            self.add_unread(log.into_stream(), None);
        } else if !(is_regular && log.name().is_none() && self.add_archive(&log)) {
            let order = self.next_order();
            self.push(log, order, is_regular);
        }
    }

    /// Adds the logs in `log`. Returns false if that is not an archive.
    fn add_archive(&mut self, log: &Log) -> bool {
        let (Some(path), Ok(mut reader)) = (log.path(), log.open_as_it_is()) else {
            return false;
        };
        let Some(form) = reader.form() else {
            return false;
        };
        let file = File::open(path).ok().filter(|_| !reader.is_gzip());
        let Some(file) = file else {
            self.add_unread(log.clone(), None);
            return true;
        };
        let mut listing = Listing::new(log, self.next_order(), self.room);
        match listing.list(file, form) {
            Ok(()) => self.take_listing(listing),
            Err(damage) => self.add_unread(log.clone(), Some(damage)),
        }
        true
    }
}
