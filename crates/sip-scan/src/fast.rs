//! The fast way: nearly all bytes of a log go through it.
//!
//! Nearly all lines of a log belong to records, and look like the line before them but for their number and their hex.
//! To find the end of each line, split it into its parts and read its hex digit by digit takes several times as long
//! as reading the log from the disk. So a process remembers what its last further line looked like
//! ([`line_format`]), as the range in which each character must lie ([`line_template`]). The next lines are only compared
//! with that, many at once and without a branch for each character ([`hex`]). Of what they hold only as
//! much is kept as is wanted, and that stays hex until a header is worth reading ([`headers`]).
//!
//! Whatever does not look so takes the plain way: [`Line`](crate::line::Line), [`dump`](crate::dump),
//! [`hex`](crate::hex) and [`StartLine`](crate::StartLine). The fast way never decides anything that the plain way would
//! decide otherwise. Tests hold the parts of both against each other, and the whole against a plain reader.

pub(crate) mod head_end;
pub(crate) mod headers;
pub(crate) mod hex;
pub(crate) mod line_format;
pub(crate) mod line_template;
mod lines;
