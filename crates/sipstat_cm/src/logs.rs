//! Which log goes on where another ends.

use std::collections::HashMap;
use std::path::Path;

use ecs_log::Log;

/// For each log the place of the one that the same server began next; none after the last, and for what is no ECS log.
///
/// That is the next in its folder, since another folder may hold another server's. After the last of its folder it is
/// the next of all: a folder of backups ends where the server's own begins.
pub(crate) fn followers(logs: &[Log]) -> Vec<Option<usize>> {
    let mut in_folder: HashMap<Option<&Path>, usize> = HashMap::new();
    let mut of_all: Option<usize> = None;
    let mut followers: Vec<Option<usize>> = Vec::with_capacity(logs.len());
    for (place, log) in logs.iter().enumerate().rev() {
        let is_later = |other: &usize| logs.get(*other).is_some_and(|other| other.name() > log.name());
        let folder = log.path().and_then(Path::parent);
        let follower = in_folder.get(&folder).or(of_all.as_ref()).copied().filter(is_later);
        followers.push(follower.filter(|_| log.name().is_some()));
        in_folder.insert(folder, place);
        of_all = Some(place);
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
        ];
        for name in names {
            let path = root.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, name).unwrap();
        }
        let inputs = [root.join("a"), root.join("b"), "-".into()];
        let request = ecs_log::Request {
            inputs: inputs.map(Into::into).to_vec(),
            ..Default::default()
        };
        let logs = ecs_log::select(&request).logs;
        fs::remove_dir_all(&root).unwrap();
        // Standard input, a/00, b/01, a/02, b/03, b/04.
        assert_eq!(followers(&logs), [None, Some(3), Some(4), Some(4), Some(5), None]);
    }
}
