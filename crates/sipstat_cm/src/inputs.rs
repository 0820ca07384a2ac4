//! What became of each input, as reports have it.

use ecs_log::{Error, Role, Selection, escape_path};
use ecs_trace::{Fate, Fates};
use sip_report::{Input, Read};

use crate::messages;

/// Of all that was chosen, and of what could not be.
pub(crate) fn of_all(selection: &Selection, fates: &Fates) -> Vec<Input> {
    let counted = selection.logs.iter().enumerate();
    let counted = counted.filter(|(_, chosen)| chosen.role == Role::Counted);
    let fate = |place: usize| fates.iter().find(|(other, _)| *other == place).map(|(_, fate)| fate);
    let logs = counted.map(|(place, chosen)| {
        let input = chosen.log.to_string();
        match fate(place) {
            None | Some(Fate::Whole | Fate::Empty) => Input {
                input,
                read: Read::Whole,
                why: String::new(),
            },
            Some(Fate::InPart(error)) => because(input, Read::InPart, error),
            Some(Fate::NotRead(error) | Fate::NotALog(error)) => because(input, Read::Not, error),
        }
    });
    let problems = selection.problems.iter().map(|error| of_error(error, Read::Not));
    problems.chain(logs).collect()
}

/// Of what could not be read, or not to its end, before logs are followed.
pub(crate) fn of_failed(selection: &Selection, fates: &Fates) -> Vec<Input> {
    let problems = selection.problems.iter().map(|error| of_error(error, Read::Not));
    let fates = fates.iter().filter_map(|(_, fate)| fate.error());
    problems
        .chain(fates.map(|error| of_error(error, Read::InPart)))
        .collect()
}

/// Of an input that could not be read, or not to its end.
pub(crate) fn of_error(error: &Error, read: Read) -> Input {
    let input = error.path().map_or_else(|| "standard input".to_owned(), escape_path);
    because(input, read, error)
}

fn because(input: String, read: Read, error: &Error) -> Input {
    let text = messages::of_error(error);
    let why = text.strip_prefix(&input).and_then(|text| text.strip_prefix(": "));
    let why = why.unwrap_or(&text).to_owned();
    Input { input, read, why }
}
