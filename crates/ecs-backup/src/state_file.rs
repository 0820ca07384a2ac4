//! The two files in which the state is kept. They are overwritten in turn and have room reserved, so that neither a crash nor a
//! full disk costs the state: a new file would get no room there, and one that is overwritten keeps the room that it has.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::FileExt;

use crate::error::{Error, Operation};
use crate::folder::Folder;
use crate::names::STATES;
use crate::state::State;

/// The unit in which room is reserved, in bytes.
const UNIT: usize = 4096;

/// A longer file is not ours, in bytes.
const MOST: u64 = 64 * 1024 * 1024;

/// Which of the two files holds, and what its generation is.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(crate) struct Place {
    generation: u64,
    is_second: bool,
}

impl Place {
    fn next(self) -> Place {
        Place {
            generation: self.generation.saturating_add(1),
            is_second: !self.is_second,
        }
    }

    fn name(self) -> &'static str {
        let [first, second] = STATES;
        if self.is_second { second } else { first }
    }
}

/// A state that was read, and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    pub(crate) state: State,
    pub(crate) place: Place,
}

/// Reads the newer of the two states; `None` if neither is valid. A file that cannot be read counts as not valid.
pub(crate) fn read(folder: &Folder) -> Option<Stored> {
    let stored = [false, true].map(|is_second| read_one(folder, is_second));
    newer(stored.into_iter().filter_map(Result::ok))
}

/// The same for a reader who must know whether nothing is written down, or nothing can be read. `None` if there is no state.
///
/// # Errors
///
/// A file cannot be opened, or none of those that are there is valid.
pub(crate) fn read_surely(folder: &Folder) -> Result<Option<Stored>, Error> {
    let mut valid = Vec::new();
    let mut damaged = None;
    for is_second in [false, true] {
        match read_one(folder, is_second) {
            Ok(stored) => valid.push(stored),
            Err(error) if error.is_not_found() => {}
            // One of the two may be half written.
            Err(error) if error.io_kind() == Some(io::ErrorKind::InvalidData) => damaged = Some(error),
            Err(error) => return Err(error),
        }
    }
    match (newer(valid), damaged) {
        (None, Some(error)) => Err(error),
        (stored, _) => Ok(stored),
    }
}

fn newer(stored: impl IntoIterator<Item = Stored>) -> Option<Stored> {
    stored.into_iter().max_by_key(|stored| stored.place.generation)
}

fn read_one(folder: &Folder, is_second: bool) -> Result<Stored, Error> {
    let place = Place {
        is_second,
        ..Place::default()
    };
    let fail = |cause| Error::io(folder.at(place.name()), Operation::Read, cause);
    let mut bytes = Vec::new();
    let file = folder.open_file(place.name())?;
    file.take(MOST).read_to_end(&mut bytes).map_err(fail)?;
    let damaged = || fail(io::Error::new(io::ErrorKind::InvalidData, "it is damaged"));
    let (state, generation) = State::from_text(&bytes).ok_or_else(damaged)?;
    let place = Place { generation, is_second };
    Ok(Stored { state, place })
}

/// How many bytes both files take on disk.
pub(crate) fn room(state: &State) -> u64 {
    let one = room_of_one(&state.to_text(u64::MAX));
    u64::try_from(one.saturating_mul(2)).unwrap_or(u64::MAX)
}

/// Twice as much as is needed now.
fn room_of_one(text: &str) -> usize {
    text.len().saturating_mul(2).div_ceil(UNIT).saturating_mul(UNIT)
}

/// Writes the state over the older of the two files, and flushes it to disk. Gives back where it stands now.
pub(crate) fn write(folder: &Folder, state: &State, place: Place) -> Result<Place, Error> {
    let next = place.next();
    let text = state.to_text(next.generation);
    let room = room_of_one(&text);
    write_one(folder, next.name(), text.as_bytes(), room)?;
    let other = next.next();
    let has_room = folder
        .stat_file(other.name())
        .is_ok_and(|stat| crate::folder::size(&stat) >= u64::try_from(text.len()).unwrap_or(u64::MAX));
    if has_room {
        return Ok(next);
    }
    // It is missing, or has too little room for the next state.
    let text = state.to_text(other.generation);
    write_one(folder, other.name(), text.as_bytes(), room)?;
    Ok(other)
}

fn write_one(folder: &Folder, name: &str, text: &[u8], room: usize) -> Result<(), Error> {
    let file = folder.open_or_make(name, Operation::Write)?;
    overwrite(&file, text, room).map_err(|cause| Error::io(folder.at(name), Operation::Write, cause))?;
    folder.sync_if_it_can()
}

/// Where the text fits, nothing else is written: that takes no new room.
fn overwrite(file: &File, text: &[u8], room: usize) -> io::Result<()> {
    let length = usize::try_from(file.metadata()?.len()).unwrap_or(usize::MAX);
    if length < text.len() {
        let padding = vec![0; room.saturating_sub(text.len())];
        file.write_all_at(&[text, &padding].concat(), 0)?;
    } else {
        file.write_all_at(text, 0)?;
    }
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;
    use std::fs;

    use ecs_log::LogName;

    use super::{Place, read, write};
    use crate::folder::Folder;
    use crate::state::{Fate, Record, Stamp, State};

    fn state(n_logs: u32) -> State {
        let mut state = State::default();
        for n in 0..n_logs {
            let name = format!("2017-0427-{:02}{:02}{:02}.log", n / 3600, n / 60 % 60, n % 60);
            let record = Record {
                stamp: Stamp::default(),
                number: 1,
                fate: Fate::Saved,
            };
            let name = LogName::parse(OsStr::new(&name)).unwrap();
            state.records.insert(name, record);
        }
        state
    }

    #[test]
    fn the_last_that_was_written_holds_and_damage_costs_one_generation() {
        let root = tempfile::tempdir().unwrap();
        let folder = Folder::open(root.path()).unwrap();
        assert!(read(&folder).is_none());
        let mut place = write(&folder, &state(1), Place::default()).unwrap();
        for n_logs in [2, 300, 3, 200] {
            let before = read(&folder).unwrap().state;
            place = write(&folder, &state(n_logs), place).unwrap();
            let stored = read(&folder).unwrap();
            assert_eq!((stored.state, stored.place), (state(n_logs), place));
            // The newest is damaged: the one before it holds, or the same one once more.
            let path = root.path().join(place.name());
            let whole = fs::read(&path).unwrap();
            fs::write(&path, &whole[..30]).unwrap();
            let older = read(&folder).unwrap().state;
            assert!(older == before || older == state(n_logs));
            fs::write(&path, whole).unwrap();
        }
    }

    #[test]
    fn what_is_overwritten_keeps_its_room() {
        let root = tempfile::tempdir().unwrap();
        let folder = Folder::open(root.path()).unwrap();
        let place = write(&folder, &state(10), Place::default()).unwrap();
        let lengths = || {
            let mut entries: Vec<_> = fs::read_dir(root.path()).unwrap().map(|entry| entry.unwrap()).collect();
            entries.sort_by_key(|entry| entry.file_name());
            Vec::from_iter(entries.iter().map(|entry| entry.metadata().unwrap().len()))
        };
        assert_eq!(lengths(), [4096, 4096]);
        let place = write(&folder, &state(50), place).unwrap();
        let place = write(&folder, &state(5), place).unwrap();
        assert_eq!(lengths(), [4096, 4096]);
        let place = write(&folder, &state(100), place).unwrap();
        let grown = lengths();
        assert!(grown[0] > 4096 && grown[0] == grown[1], "{grown:?}");
        write(&folder, &state(1), place).unwrap();
        assert_eq!(lengths(), grown);
    }
}
