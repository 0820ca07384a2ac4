//! Which log goes on where another ends.

use std::collections::HashMap;
use std::path::Path;

use ecs_log::Log;

/// For each log the place of the one that the same server began next; none after the last, and for what is no ECS log.
///
/// That is the next in its folder, since another folder may hold another server's. After the last of its folder it is
/// the next of all, if that is the first of its own: a folder of backups ends where the server's begins.
pub(crate) fn followers(logs: &[Log]) -> Vec<Option<usize>> {
    let folder = |place: usize| logs.get(place).and_then(Log::folder);
    let mut first_in_folder: HashMap<Option<&Path>, usize> = HashMap::new();
    for (place, log) in logs.iter().enumerate().filter(|(_, log)| log.name().is_some()) {
        first_in_folder.entry(log.folder()).or_insert(place);
    }
    let begins_folder = |place: &usize| first_in_folder.get(&folder(*place)) == Some(place);
    let mut next_in_folder: HashMap<Option<&Path>, usize> = HashMap::new();
    let mut next_of_all: Option<usize> = None;
    let mut followers: Vec<Option<usize>> = Vec::with_capacity(logs.len());
    for (place, log) in logs.iter().enumerate().rev() {
        let is_later = |other: &usize| logs.get(*other).is_some_and(|other| other.name() > log.name());
        let follower = match next_in_folder.insert(log.folder(), place) {
            Some(next) => Some(next),
            None => next_of_all.filter(begins_folder),
        };
        followers.push(follower.filter(is_later).filter(|_| log.name().is_some()));
        next_of_all = Some(place);
    }
    followers.reverse();
    followers
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_next_of_the_folder_comes_first() {
        let root = std::env::temp_dir().join(format!("sipstat_cm-followers-{}", std::process::id()));
        let names = [
            "a/2017-0427-084400.log",
            "a/2017-0427-084402.log",
            "b/2017-0427-084401.log",
            "b/2017-0427-084403.log",
            "b/2017-0427-084404.log",
            "c/2017-0427-084405.log",
        ];
        for name in names {
            let path = root.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, name).unwrap();
        }
        let inputs = [root.join("a"), root.join("b"), root.join("c"), "-".into()];
        let request = ecs_log::Request {
            inputs: inputs.map(Into::into).to_vec(),
            ..Default::default()
        };
        let logs = ecs_log::select(&request).logs;
        fs::remove_dir_all(&root).unwrap();
        // Standard input, a/00, b/01, a/02, b/03, b/04, c/05.
        assert_eq!(followers(&logs), [None, Some(3), Some(4), None, Some(5), Some(6), None]);
    }
}
