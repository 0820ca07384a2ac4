//! What is counted for one label: the responses of one listed word to the requests of another, or these requests, one way.

use sip_filter::{Names, RequestFilter, ResponseFilter, words};
use sip_scan::Direction;
use sip_stats::{CellKey, Cells};

use crate::link_name::{OTHER_LINKS, link_name};

/// One number that is checked.
#[derive(Clone, Debug)]
pub(super) struct Series {
    /// What people read: `503 to INVITE OUT`.
    pub(super) name: String,
    /// What programs read: `invite_503_out`.
    pub(super) label: String,
    requests: RequestFilter,
    /// The responses that count; `None` where the requests themselves do.
    responses: Option<ResponseFilter>,
    direction: Direction,
}

/// The number of one series.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) all: u64,
    /// The link with the most of it, as tables print it. `None` where there is nothing.
    pub(super) most_on: Option<String>,
}

/// A series for each word of `requests`, each word of `responses` and each direction; where there are no responses, for each request
/// and direction. Both are lists as their filters read them.
pub(super) fn all(requests: &str, responses: &str) -> Vec<Series> {
    let mut all: Vec<Series> = Vec::new();
    for request in words(requests) {
        for response in words(responses) {
            all.extend(both_ways(request, response).into_iter().flatten());
        }
    }
    let mut labels = Vec::new();
    all.retain(|series| {
        let is_new = !labels.contains(&series.label);
        labels.push(series.label.clone());
        is_new
    });
    all
}

/// Both directions of what one request and one response say; none where neither is wanted.
fn both_ways(request: &str, response: &str) -> Option<[Series; 2]> {
    let is_none = |word: &str| word.eq_ignore_ascii_case("none");
    let (name, label) = match (is_none(request), is_none(response)) {
        (true, true) => return None,
        (false, true) => (request.to_owned(), request.to_owned()),
        (true, false) => (response.to_owned(), response.to_owned()),
        (false, false) => (format!("{response} to {request}"), format!("{request}_{response}")),
    };
    let requests: RequestFilter = request.parse().ok()?;
    let responses: ResponseFilter = response.parse().ok()?;
    let series = |direction: Direction, way: &str| Series {
        name: format!("{name} {way}"),
        label: format!("{label}_{way}").to_ascii_lowercase(),
        requests: requests.clone(),
        responses: (!is_none(response)).then(|| responses.clone()),
        direction,
    };
    Some([series(Direction::In, "IN"), series(Direction::Out, "OUT")])
}

impl Series {
    /// How many messages of the series are in `cells`, and on which link most of them.
    pub(super) fn count(&self, cells: &Cells, names: &Names) -> Count {
        let (mut all, mut most, mut most_on) = (0, 0, None);
        for (link, row) in cells.printed_rows() {
            let wanted = row.counts().filter(|(key, _)| self.has(*key));
            let counts = wanted.map(|(_, [came_in, went_out])| match self.direction {
                Direction::In => came_in,
                Direction::Out => went_out,
            });
            let count = counts.fold(0, u64::saturating_add);
            all = u64::saturating_add(all, count);
            if count > most {
                (most, most_on) = (count, Some(link));
            }
        }
        let name = |link: Option<_>| link.map_or_else(|| OTHER_LINKS.to_owned(), |link| link_name(link, names));
        Count {
            all,
            most_on: most_on.map(name),
        }
    }

    fn has(&self, key: CellKey) -> bool {
        let message_type = key.message_type();
        self.requests.has_transaction(key.method())
            && match &self.responses {
                Some(responses) => key.is_response() && responses.has_type(message_type),
                None => !key.is_response() && self.requests.has(message_type),
            }
    }
}
