//! What of archives that can be read only once was too much to hold.

/// How many logs in archives that can be read only once were too much to hold until all were read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unheld {
    /// Chosen logs of which some of what they hold is lost.
    pub lost: usize,
    /// Logs that could not be joined with those before and after.
    pub unjoined: usize,
}

impl Unheld {
    /// What people should know of it, a line each.
    pub fn lines(&self) -> Vec<String> {
        let lost =
            "counted in full, which is too much to hold until all are read; unpack them, or use a longer interval";
        let unjoined = "joined with those before and after, which is too much to hold until all are read; unpack them";
        let all = [(self.lost, lost), (self.unjoined, unjoined)];
        let told = all.into_iter().filter(|(count, _)| *count > 0);
        told.map(|(count, what)| {
            let logs = if count == 1 { "log" } else { "logs" };
            format!("{count} {logs} in archives could not be {what}")
        })
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Unheld;

    #[test]
    fn what_people_should_know() {
        let lines = |lost, unjoined| Unheld { lost, unjoined }.lines().join("\n");
        assert_eq!(lines(0, 0), "");
        let (one, both) = (lines(1, 0), lines(2, 1));
        assert!(
            one.starts_with("1 log in archives could not be counted in full, "),
            "{one}"
        );
        assert!(
            both.starts_with("2 logs in archives could not be counted in full, "),
            "{both}"
        );
        assert!(both.contains("\n1 log in archives could not be joined with "), "{both}");
    }
}
