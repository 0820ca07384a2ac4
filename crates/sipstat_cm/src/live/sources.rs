//! What is followed: which folders and files, and what is read of them first.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use ecs_log::{Before, Chosen, Follower, Inputs, Log, Namesakes, Request, Role};
use sip_stats::Report;

use crate::args::Config;
use crate::batch::{Batch, Failed};
use crate::live::lane::{Lane, Source};
use crate::live::stream::Stream;
use crate::logs::Logs;
use crate::messages;
use crate::set_aside::SetAside;

/// What is followed.
#[derive(Default)]
pub(crate) struct Sources {
    pub(crate) lanes: Vec<Lane>,
    /// What cannot be read of what was asked for.
    pub(crate) problems: Vec<String>,
    pub(crate) passed_over: Vec<ecs_log::Error>,
    pub(crate) namesakes: Vec<Namesakes>,
    /// How many logs in archives have been read.
    pub(crate) archived: usize,
}

/// What `config` asks for. Logs in archives are counted at once, and their windows stay in the report, since others
/// may add to them.
///
/// Folders are followed from the end of their newest log. Logs that were chosen are read first; then those that come
/// into their folders.
///
/// # Errors
///
/// Only what the report's writer says.
pub(crate) fn sources<W: Write>(config: &Config, report: &mut Report<W>) -> Result<Sources, Failed> {
    let Config {
        request,
        settings,
        jobs,
    } = config;
    let mut folders = Folders::default();
    if is_whole_folders(request) {
        for folder in &request.folders {
            folders.add(folder, None);
        }
        return Ok(Sources {
            lanes: folders.into_lanes(false),
            ..Sources::default()
        });
    }
    let mut inputs = Inputs::new(request);
    inputs.leave_pipes();
    let set_aside = SetAside::read(&mut inputs, request, settings, report)?;
    let selection = inputs.select();
    let archived = Logs::new(selection.logs.clone(), Log::is_in_archive);
    let logs = selection.logs.into_iter().filter(|chosen| chosen.role == Role::Counted);
    let mut problems = set_aside.problems(&archived.counted);
    let SetAside { starts, held, .. } = set_aside;
    let mut batch = Batch::new(&archived, settings.clone()).with_starts(&starts);
    batch.holds_windows = true;
    problems.extend(batch.run(held, *jobs, report)?.iter().map(messages::of_error));

    let mut lanes = Vec::new();
    let mut earlier = !archived.counted.is_empty();
    for Chosen { log, before, .. } in logs.filter(|chosen| !chosen.log.is_in_archive()) {
        earlier |= before == Before::LeftOut;
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
    // The first of them may go on with what the last log of an archive began.
    lanes.extend(folders.into_lanes(earlier));
    // What is wrong with a folder that is followed is told when it is listed.
    let is_followed = |path: Option<&Path>| path.is_some_and(|path| named.contains(&path));
    let of_inputs = selection.problems.iter().filter(|error| !is_followed(error.path()));
    problems.splice(0..0, of_inputs.map(messages::of_error));
    Ok(Sources {
        lanes,
        problems,
        passed_over: selection.passed_over,
        namesakes: selection.namesakes,
        archived: archived.counted.len(),
    })
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
