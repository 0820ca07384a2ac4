//! The median of some measured values, and how far they lie apart.

use std::fmt;

/// Median, least and greatest of values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Spread {
    pub(crate) median: f64,
    pub(crate) least: f64,
    pub(crate) greatest: f64,
}

impl Spread {
    /// The spread of `values`. Without any values, none of the three is a number.
    pub(crate) fn of(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        let at = |index: usize| values.get(index).copied().unwrap_or(f64::NAN);
        let count = values.len();
        // With an odd count both are the middle one.
        let (low, high) = (at(count.saturating_sub(1) / 2), at(count / 2));
        Self {
            median: (low + high) / 2.0,
            least: at(0),
            greatest: at(count.saturating_sub(1)),
        }
    }
}

impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            median,
            least,
            greatest,
        } = self;
        write!(f, "{median:.2} ({least:.2}..{greatest:.2})")
    }
}

#[cfg(test)]
mod tests {
    use super::Spread;

    #[test]
    fn the_median_is_the_middle_value() {
        let spread = Spread::of(vec![3.0, 1.0, 2.0]);
        assert_eq!(
            spread,
            Spread {
                median: 2.0,
                least: 1.0,
                greatest: 3.0
            }
        );
    }

    #[test]
    fn the_median_of_an_even_count_lies_between_the_middle_values() {
        let spread = Spread::of(vec![4.0, 1.0, 2.0, 3.0]);
        assert_eq!(
            spread,
            Spread {
                median: 2.5,
                least: 1.0,
                greatest: 4.0
            }
        );
    }
}
