//! Finds circles among things that refer to one another.

use std::collections::{BTreeMap, BTreeSet};

/// What refers to what.
pub(crate) type References<T> = BTreeMap<T, BTreeSet<T>>;

/// The sets of things each of which reaches all others of its set.
pub(crate) fn of<T: Ord + Clone>(references: &References<T>) -> Vec<Vec<T>> {
    let reached: References<&T> = references
        .keys()
        .map(|from| (from, reached_from(from, references)))
        .collect();
    let reaches = |from: &T, to: &T| reached.get(from).is_some_and(|reached| reached.contains(to));
    let mut circles: BTreeSet<Vec<T>> = BTreeSet::new();
    for one in references.keys() {
        let others = references
            .keys()
            .filter(|other| reaches(one, other) && reaches(other, one));
        circles.insert(others.cloned().collect());
    }
    circles.into_iter().filter(|circle| circle.len() > 1).collect()
}

/// All that can be reached from `from`, over any number of others.
fn reached_from<'a, T: Ord>(from: &'a T, references: &'a References<T>) -> BTreeSet<&'a T> {
    let mut reached = BTreeSet::new();
    let mut next = vec![from];
    while let Some(thing) = next.pop() {
        for to in references.get(thing).into_iter().flatten() {
            if reached.insert(to) {
                next.push(to);
            }
        }
    }
    reached
}

#[cfg(test)]
mod tests {
    use super::{References, of};

    fn circles(references: &[(&'static str, &[&'static str])]) -> Vec<Vec<&'static str>> {
        let references = references
            .iter()
            .map(|(from, to)| (*from, to.iter().copied().collect()));
        of(&references.collect::<References<_>>())
    }

    #[test]
    fn none_where_all_arrows_run_one_way() {
        assert!(circles(&[("a", &["b", "c"]), ("b", &["c"]), ("c", &[])]).is_empty());
    }

    #[test]
    fn each_that_there_is() {
        let references: &[(&str, &[&str])] = &[
            ("a", &["b"]),
            ("b", &["c"]),
            ("c", &["a", "d"]),
            ("d", &["e"]),
            ("e", &["d"]),
            ("f", &["a", "f"]),
        ];
        assert_eq!(circles(references), [vec!["a", "b", "c"], vec!["d", "e"]]);
    }
}
