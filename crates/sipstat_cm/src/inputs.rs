//! What became of each input, as reports have it.

use ecs_log::{Chosen, Error, Role, escape_path};
use ecs_trace::{Fate, Fates};
use sip_report::{Input, Read};

use crate::messages;

/// Of the logs that were counted.
pub(crate) fn of_logs(logs: &[Chosen], fates: &Fates) -> Vec<Input> {
    let counted = logs.iter().enumerate();
    let counted = counted.filter(|(_, chosen)| chosen.role == Role::Counted);
    let fate = |place: usize| fates.iter().find(|(other, _)| *other == place).map(|(_, fate)| fate);
    let inputs = counted.map(|(place, chosen)| {
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
    inputs.collect()
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
