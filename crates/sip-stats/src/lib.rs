//! Counts SIP messages by window, link, type and direction, and writes the tables.
