//! Messages as lines, transactions and calls: outcomes, ratios of RFC 6076, delays, retransmissions.
