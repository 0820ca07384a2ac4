//! What is followed: which folders and files, and what is read of them first.

use std::fs;
use std::path::{Path, PathBuf};

use ecs_log::{Follower, Log, Request};

use crate::live::lane::{Lane, Source};
use crate::live::stream::Stream;
use crate::messages;

/// The sources that `request` asks for, and what is wrong with it.
///
/// Folders are followed from the end of their newest log. Logs that were chosen are read first; then those that come
/// into their folders.
pub(crate) fn lanes(request: &Request) -> (Vec<Lane>, Vec<String>) {
    if is_whole_folders(request) {
        let mut folders = Folders::default();
        for folder in &request.folders {
            folders.add(folder, None);
        }
        return (folders.into_lanes(false), Vec::new());
    }
    let selection = ecs_log::select(request);
    let mut folders = Folders::default();
    let mut lanes = Vec::new();
    for log in selection.logs {
        match log.path().and_then(Path::parent).map(Path::to_owned) {
            _ if log.is_stream() => lanes.push(Lane::new(Source::Stream(Stream::new(log)), false)),
            Some(parent) if log.name().is_some() => folders.add(&parent, Some(log)),
            _ => lanes.push(Lane::new(Source::Logs(Box::new(Follower::file(log))), false)),
        }
    }
    let inputs = request.inputs.iter().map(Path::new).filter(|path| path.is_dir());
    let listed = request.folders.iter().map(PathBuf::as_path);
    let named: Vec<&Path> = if request.inputs.is_empty() {
        listed.collect()
    } else {
        inputs.collect()
    };
    for folder in &named {
        folders.add(folder, None);
    }
    lanes.extend(folders.into_lanes(selection.earlier));
    // What is wrong with a folder that is followed is told when it is listed.
    let is_followed = |path: Option<&Path>| path.is_some_and(|path| named.contains(&path));
    let problems = selection.problems.iter().filter(|error| !is_followed(error.path()));
    (lanes, problems.map(messages::of_error).collect())
}

/// Whether nothing is chosen in the folders, so that each is followed from its end.
fn is_whole_folders(request: &Request) -> bool {
    request.inputs.is_empty() && request.last.is_none() && request.range.is_none()
}

/// Folders, each once however it is written, with the logs to read first.
#[derive(Default)]
struct Folders(Vec<Folder>);

struct Folder {
    path: PathBuf,
    /// The same for two paths that lead to the same folder.
    real: PathBuf,
    logs: Vec<Log>,
}

impl Folders {
    fn add(&mut self, path: &Path, log: Option<Log>) {
        let place = if path.as_os_str().is_empty() {
            Path::new(".")
        } else {
            path
        };
        let real = fs::canonicalize(place).unwrap_or_else(|_| place.to_owned());
        match self.0.iter_mut().find(|folder| folder.real == real) {
            Some(folder) => folder.logs.extend(log),
            None => self.0.push(Folder {
                path: path.to_owned(),
                real,
                logs: log.into_iter().collect(),
            }),
        }
    }

    /// `earlier`: logs were left out that come before those chosen.
    fn into_lanes(self, earlier: bool) -> Vec<Lane> {
        let lane = |Folder { path, logs, .. }: Folder| {
            if logs.is_empty() {
                Lane::new(Source::Logs(Box::new(Follower::at_end(path))), true)
            } else {
                Lane::new(Source::Logs(Box::new(Follower::after(path, logs))), earlier)
            }
        };
        self.0.into_iter().map(lane).collect()
    }
}
